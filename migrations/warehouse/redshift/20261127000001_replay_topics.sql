-- A replay loads what the archive holds, or what a topic still has.
ALTER TABLE "raw".replay ADD COLUMN log varchar(256);
