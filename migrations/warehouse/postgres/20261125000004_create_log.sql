-- How far behind each log is, as whoever reads it last saw.
CREATE TABLE raw.log (
    source text NOT NULL,
    partition text NOT NULL,
    site_id smallint NOT NULL REFERENCES core.site,
    waiting bigint NOT NULL,
    oldest_at timestamptz,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (source, partition)
);
COMMENT ON TABLE raw.log IS 'The logs that are read on and on (spools, topics), and how far behind their loader is.';
COMMENT ON COLUMN raw.log.source IS 'The source, as in raw.position.';
COMMENT ON COLUMN raw.log.partition IS 'Its partition.';
COMMENT ON COLUMN raw.log.site_id IS 'The site loaded into.';
COMMENT ON COLUMN raw.log.waiting IS 'Records that are not loaded yet.';
COMMENT ON COLUMN raw.log.oldest_at IS 'When the oldest of them was received; null: none waits.';
COMMENT ON COLUMN raw.log.noted_at IS 'When that was so.';
CREATE INDEX load_recent ON raw.load (committed_at);
