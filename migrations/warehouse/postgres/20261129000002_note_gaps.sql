-- What a topic lost before it was read is no record of anything, but is not to be forgotten.
ALTER TABLE raw.load ADD COLUMN lost bigint NOT NULL DEFAULT 0;
ALTER TABLE raw.load ADD CONSTRAINT load_gap CHECK (lost >= 0 AND lost <= next - first AND (lost = 0 OR received = 0));
COMMENT ON COLUMN raw.load.lost IS 'Offsets that were gone from the source before they were read; the position was moved over them by hand.';
