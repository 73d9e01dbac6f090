-- Offsets may have gaps (a compacted topic): what a load received is no more than what lies between.
ALTER TABLE raw.load DROP CONSTRAINT load_check1;
ALTER TABLE raw.load ADD CONSTRAINT load_within CHECK (received <= next - first);
ALTER TABLE raw.load ADD COLUMN received_from timestamptz;
ALTER TABLE raw.load ADD COLUMN received_to timestamptz;
ALTER TABLE raw.load ADD COLUMN steps text;
COMMENT ON COLUMN raw.load.received_from IS 'When its first record was received.';
COMMENT ON COLUMN raw.load.received_to IS 'When its last record was received.';
COMMENT ON COLUMN raw.load.steps IS 'JSON: each step on the way in, records that it changed, that it refused, and microseconds.';

-- A refused record is kept with a pseudonym for its person, so that it can be released once what was missing is there.
ALTER TABLE raw.quarantine ADD COLUMN record text;
ALTER TABLE raw.quarantine ADD COLUMN received_at timestamptz;
ALTER TABLE raw.quarantine ADD COLUMN settled_load_id bigint;
COMMENT ON TABLE raw.quarantine IS 'Records that were refused. A person''s id is never stored; without a record, it stays in its source.';
COMMENT ON COLUMN raw.quarantine.record IS 'The record as it came, its person as a pseudonym; null: it stays in its source.';
COMMENT ON COLUMN raw.quarantine.received_at IS 'When it was received.';
COMMENT ON COLUMN raw.quarantine.settled_load_id IS 'The load that tried it again; null: it waits. If it was refused again it is there once more.';
CREATE INDEX quarantine_waiting ON raw.quarantine (site_id, reason) WHERE settled_load_id IS NULL;
DROP INDEX raw.quarantine_site;
