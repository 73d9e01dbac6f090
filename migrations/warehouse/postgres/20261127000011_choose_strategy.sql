-- The two ways into one table; running loaders read it with every batch.
ALTER TABLE core.site ADD COLUMN strategy text NOT NULL DEFAULT 'direct' CHECK (strategy IN ('direct', 'staged'));
COMMENT ON COLUMN core.site.strategy IS 'How its events are loaded: direct, or staged in files of an object store first.';
