-- What a load brings is added to the rollups without reading the rest of its day again.
ALTER TABLE raw.dirty ADD COLUMN load_id bigint;
COMMENT ON TABLE raw.dirty IS 'What the rollups do not hold yet: what one load brought for one day, or all of a day.';
COMMENT ON COLUMN raw.dirty.load_id IS 'The load whose events of the day are to be added; null: the day is to be computed anew.';

-- Finds the events of a site's day, and those of one load among them. New pages are summarised while the day goes on.
CREATE INDEX event_load_brin ON core.event USING brin (site_id, load_id) WITH (pages_per_range = 32, autosummarize = on);
DROP INDEX core.event_site_brin;
