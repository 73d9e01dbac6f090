-- A rollup that is made when events are there already holds none of them until its days are computed. It must not answer before.
CREATE TABLE mart.unready (
    site_id smallint NOT NULL REFERENCES core.site,
    rollup text NOT NULL,
    last_mark bigint NOT NULL,
    PRIMARY KEY (site_id, rollup)
);
COMMENT ON TABLE mart.unready IS 'Rollups that do not hold all of a site''s days yet; they answer nothing meanwhile.';
COMMENT ON COLUMN mart.unready.site_id IS 'The site.';
COMMENT ON COLUMN mart.unready.rollup IS 'Name of the rollup.';
COMMENT ON COLUMN mart.unready.last_mark IS 'The rollup is whole when the marks up to this one (raw.dirty) are gone.';
