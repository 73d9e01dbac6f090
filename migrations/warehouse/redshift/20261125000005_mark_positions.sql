ALTER TABLE "raw".position ADD COLUMN mark varchar(256);
