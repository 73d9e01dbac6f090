ALTER TABLE core.site ADD COLUMN strategy varchar(256) DEFAULT 'staged' NOT NULL;
