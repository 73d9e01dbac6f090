-- A replay loads what the archive holds, or what a topic still has.
ALTER TABLE raw.replay ADD COLUMN log text;
COMMENT ON COLUMN raw.replay.log IS 'The topic that is loaded once more, as its source is called; null: the archive.';
