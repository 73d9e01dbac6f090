-- What a platform calls a thing that is known by another id. Loaders read it with the dimensions.
CREATE TABLE core.alias (
    site_id smallint NOT NULL REFERENCES core.site,
    what text NOT NULL CHECK (what IN ('school', 'book', 'chapter')),
    given text NOT NULL,
    means text NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (site_id, what, given)
);
COMMENT ON TABLE core.alias IS 'Ids that a site''s events name things with beside their own; an id of a thing itself goes before.';
COMMENT ON COLUMN core.alias.site_id IS 'The site whose events name it so.';
COMMENT ON COLUMN core.alias.what IS 'What it names: school, book or chapter.';
COMMENT ON COLUMN core.alias.given IS 'The id in the events; of a chapter the code of its book, a colon, and the id.';
COMMENT ON COLUMN core.alias.means IS 'Public code of the school, book or chapter that is meant.';
COMMENT ON COLUMN core.alias.made_by IS 'Who said so: an account''s address, or the command line.';
COMMENT ON COLUMN core.alias.made_at IS 'When it was said.';

-- What waits for a thing is told by the id of the thing.
ALTER TABLE raw.quarantine ADD COLUMN given text;
COMMENT ON COLUMN raw.quarantine.given IS 'The id that is not known, as in core.alias; null: it is refused for something else.';
UPDATE raw.quarantine SET given = substring(detail FROM '^(?:book|school) ''(.+)'' is not known')
WHERE settled_load_id IS NULL AND reason IN ('unknown_book', 'unknown_school');
