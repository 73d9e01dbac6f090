-- What the planner estimates from; kept by the refresher with the rows themselves.
CREATE TABLE mart.extent (
    site_id smallint NOT NULL REFERENCES core.site,
    rollup text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    row_count bigint NOT NULL,
    byte_count bigint NOT NULL,
    PRIMARY KEY (site_id, rollup, grain, period)
);
COMMENT ON TABLE mart.extent IS 'How many rows and bytes each rollup holds of each period; of the events themselves under the name events.';
COMMENT ON COLUMN mart.extent.site_id IS 'The site.';
COMMENT ON COLUMN mart.extent.rollup IS 'Name of the rollup, or events.';
COMMENT ON COLUMN mart.extent.grain IS 'day, week or month.';
COMMENT ON COLUMN mart.extent.period IS 'First day of the period.';
COMMENT ON COLUMN mart.extent.row_count IS 'Rows.';
COMMENT ON COLUMN mart.extent.byte_count IS 'Bytes of their sets.';

-- Rollups that are there already are measured as they are computed anew.
INSERT INTO raw.dirty (site_id, day) SELECT DISTINCT site_id, day FROM core.event;
