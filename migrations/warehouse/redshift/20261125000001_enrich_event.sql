ALTER TABLE core.event ADD COLUMN robot boolean NOT NULL DEFAULT false;
ALTER TABLE core.event ADD COLUMN referrer varchar(65535);
