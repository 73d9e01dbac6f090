-- Organisations as a tree, with the time in which they are; memberships for a part and for a time.
ALTER TABLE app.organisation DROP CONSTRAINT organisation_kind_check;
UPDATE app.organisation SET kind = 'county' WHERE kind = 'authority';
ALTER TABLE app.organisation
    ADD CONSTRAINT organisation_kind_check CHECK (
        kind IN ('owner', 'ministry', 'county', 'municipality', 'publisher_group', 'publisher', 'school')),
    ADD COLUMN family text NOT NULL GENERATED ALWAYS AS (
        CASE kind WHEN 'ministry' THEN 'authority' WHEN 'county' THEN 'authority' WHEN 'municipality' THEN 'authority'
            WHEN 'publisher_group' THEN 'publisher' ELSE kind END) STORED,
    ADD COLUMN slug text,
    ADD COLUMN parent_id uuid REFERENCES app.organisation CHECK (parent_id <> id),
    ADD COLUMN valid_from timestamptz,
    ADD COLUMN valid_until timestamptz CHECK (valid_until > valid_from),
    ADD COLUMN requires_two_factor boolean NOT NULL DEFAULT false;
UPDATE app.organisation AS o SET slug = given.slug || CASE given.n WHEN 1 THEN '' ELSE '-' || given.n END
    FROM (SELECT id, base AS slug, row_number() OVER (PARTITION BY base ORDER BY id) AS n
          FROM (SELECT id, coalesce(nullif(trim(BOTH '-' FROM left(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), 40)), ''),
                    'organisation') AS base FROM app.organisation) AS bases) AS given
    WHERE given.id = o.id;
ALTER TABLE app.organisation
    ALTER COLUMN slug SET NOT NULL,
    ADD CONSTRAINT organisation_slug_key UNIQUE (slug),
    ADD CONSTRAINT organisation_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 60);
CREATE INDEX organisation_parent ON app.organisation (parent_id);
COMMENT ON COLUMN app.organisation.kind IS 'owner, ministry, county, municipality, publisher_group, publisher or school; fixes which rows its members may see and where it may stand in the tree.';
COMMENT ON COLUMN app.organisation.family IS 'owner, authority, publisher or school: what kind of rows it is about.';
COMMENT ON COLUMN app.organisation.slug IS 'Its name in addresses; never given to another.';
COMMENT ON COLUMN app.organisation.parent_id IS 'The organisation right above it; null at the top.';
COMMENT ON COLUMN app.organisation.valid_from IS 'From when on it is; null for always.';
COMMENT ON COLUMN app.organisation.valid_until IS 'From when on it is no more; null for never.';
COMMENT ON COLUMN app.organisation.requires_two_factor IS 'Whether its members see nothing of it without a second factor.';

ALTER TABLE app.membership
    ADD COLUMN subjects integer[],
    ADD COLUMN valid_until timestamptz,
    ADD COLUMN provider text;
COMMENT ON COLUMN app.membership.subjects IS 'The part of the organisation''s subjects that it is for; null for all of them.';
COMMENT ON COLUMN app.membership.valid_until IS 'From when on it is no more; null for never.';
COMMENT ON COLUMN app.membership.provider IS 'The identity provider that says so at each sign-in; null when it was given here.';

-- The rows of an organisation: its own subjects and those of its family below it, at a time, and when that changes next.
CREATE FUNCTION app.organisation_rows(organisation uuid, at timestamptz, OUT subjects integer[], OUT changes_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below AS (
        SELECT o.id, o.family, o.subjects, o.valid_from, o.valid_until FROM app.organisation AS o WHERE o.id = organisation
        UNION ALL
        SELECT o.id, o.family, o.subjects, o.valid_from, o.valid_until FROM app.organisation AS o
        JOIN below ON o.parent_id = below.id AND o.family = below.family
            AND coalesce(below.valid_from <= at, true) AND coalesce(below.valid_until > at, true)
    ), borders AS (
        SELECT valid_from AS border FROM below WHERE valid_from > at
        UNION ALL SELECT valid_until FROM below WHERE valid_until > at
    )
    SELECT (SELECT coalesce(array_agg(DISTINCT subject ORDER BY subject), '{}') FROM below, unnest(below.subjects) AS subject
            WHERE coalesce(below.valid_from <= at, true) AND coalesce(below.valid_until > at, true)),
           (SELECT min(border) FROM borders)
$$;
COMMENT ON FUNCTION app.organisation_rows(uuid, timestamptz) IS 'What an organisation is about at a time, those of its family below it included, and when that changes next.';

-- Whether an organisation is the top of a reach or below it; a reach without a top has all.
CREATE FUNCTION app.is_within(organisation uuid, top uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above AS (
        SELECT o.id, o.parent_id FROM app.organisation AS o WHERE o.id = organisation
        UNION ALL
        SELECT o.id, o.parent_id FROM app.organisation AS o JOIN above ON o.id = above.parent_id
    )
    SELECT top IS NULL OR EXISTS (SELECT FROM above WHERE above.id = top)
$$;
COMMENT ON FUNCTION app.is_within(uuid, uuid) IS 'Whether the first organisation is the second or stands below it; without a second always.';
