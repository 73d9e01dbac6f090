ALTER TABLE "raw".load ADD COLUMN received_from timestamptz;
ALTER TABLE "raw".load ADD COLUMN received_to timestamptz;
ALTER TABLE "raw".load ADD COLUMN steps varchar(65535);
ALTER TABLE "raw".quarantine ADD COLUMN record varchar(65535);
ALTER TABLE "raw".quarantine ADD COLUMN received_at timestamptz;
ALTER TABLE "raw".quarantine ADD COLUMN settled_load_id bigint;
