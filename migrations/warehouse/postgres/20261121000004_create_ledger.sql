-- The ledger: how far each source was read, what each batch held, what was refused and which days are to be recomputed.
CREATE TABLE raw.position (
    source text NOT NULL,
    partition text NOT NULL,
    next bigint NOT NULL CHECK (next >= 0),
    PRIMARY KEY (source, partition)
);
COMMENT ON TABLE raw.position IS 'How far each source was read; moves only in the transaction that stores the records.';
COMMENT ON COLUMN raw.position.source IS 'A file by the hash of its bytes, a topic, a generator.';
COMMENT ON COLUMN raw.position.partition IS 'The part of the source that has an order.';
COMMENT ON COLUMN raw.position.next IS 'Offset of the first record that is not committed.';

CREATE TABLE raw.load (
    load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    partition text NOT NULL,
    first bigint NOT NULL,
    next bigint NOT NULL,
    site_id smallint NOT NULL REFERENCES core.site,
    received integer NOT NULL,
    loaded integer NOT NULL,
    duplicate integer NOT NULL,
    quarantined integer NOT NULL,
    skipped integer NOT NULL,
    committed_at timestamptz NOT NULL,
    CHECK (received = loaded + duplicate + quarantined + skipped),
    CHECK (received = next - first),
    UNIQUE (source, partition, first)
);
COMMENT ON TABLE raw.load IS 'The ledger: one row per committed batch.';
COMMENT ON COLUMN raw.load.load_id IS 'Number of the batch.';
COMMENT ON COLUMN raw.load.source IS 'The source (raw.position).';
COMMENT ON COLUMN raw.load.partition IS 'Its partition.';
COMMENT ON COLUMN raw.load.first IS 'Offset of its first record.';
COMMENT ON COLUMN raw.load.next IS 'Offset after its last record.';
COMMENT ON COLUMN raw.load.site_id IS 'The site loaded into.';
COMMENT ON COLUMN raw.load.received IS 'Records in the batch.';
COMMENT ON COLUMN raw.load.loaded IS 'New events.';
COMMENT ON COLUMN raw.load.duplicate IS 'Events that were already there.';
COMMENT ON COLUMN raw.load.quarantined IS 'Records refused, with a reason each.';
COMMENT ON COLUMN raw.load.skipped IS 'Records left out by the mapping''s own rule.';
COMMENT ON COLUMN raw.load.committed_at IS 'When it was committed.';
CREATE INDEX load_site ON raw.load (site_id);

CREATE TABLE raw.quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    load_id bigint NOT NULL REFERENCES raw.load,
    site_id smallint NOT NULL REFERENCES core.site,
    record_offset bigint NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL
);
COMMENT ON TABLE raw.quarantine IS 'Records that were refused. The record itself stays in its source: it may hold a person''s id, which is never stored.';
COMMENT ON COLUMN raw.quarantine.quarantine_id IS 'Number of the record.';
COMMENT ON COLUMN raw.quarantine.load_id IS 'The batch it came in.';
COMMENT ON COLUMN raw.quarantine.site_id IS 'The site it was for.';
COMMENT ON COLUMN raw.quarantine.record_offset IS 'Its offset in the source: the record''s number, from 0.';
COMMENT ON COLUMN raw.quarantine.reason IS 'One of the closed list of reasons.';
COMMENT ON COLUMN raw.quarantine.detail IS 'What was wrong, in words.';
CREATE INDEX quarantine_site ON raw.quarantine (site_id, reason);
CREATE INDEX quarantine_load ON raw.quarantine (load_id);

-- Append-only; the refresher deletes exactly the marks it has read. A unique mark per day would lose updates.
CREATE TABLE raw.dirty (
    dirty_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id smallint NOT NULL,
    day date NOT NULL
);
COMMENT ON TABLE raw.dirty IS 'Days whose events changed since their rollups were computed.';
COMMENT ON COLUMN raw.dirty.dirty_id IS 'Number of the mark.';
COMMENT ON COLUMN raw.dirty.site_id IS 'The site.';
COMMENT ON COLUMN raw.dirty.day IS 'The site-local day.';
CREATE INDEX dirty_site ON raw.dirty (site_id);
