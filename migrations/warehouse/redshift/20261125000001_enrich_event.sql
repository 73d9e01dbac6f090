ALTER TABLE core.event ADD COLUMN robot boolean DEFAULT false NOT NULL;
ALTER TABLE core.event ADD COLUMN referrer varchar(65535);
