-- A topic that was deleted and made anew has the same name and the same offsets: the last record tells them apart.
ALTER TABLE raw.position ADD COLUMN mark text;
COMMENT ON COLUMN raw.position.mark IS 'Of a topic: offset and fingerprint of the last record that was stored.';
