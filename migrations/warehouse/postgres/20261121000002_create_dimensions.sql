-- The dimensions. What changes over time carries the day from which it holds.
CREATE TABLE core.site (
    site_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    zone text NOT NULL,
    currency text NOT NULL,
    locale text NOT NULL,
    data_version bigint NOT NULL DEFAULT 0,
    refreshed_at timestamptz,
    closed_through date,
    last_event_at timestamptz
);
COMMENT ON TABLE core.site IS 'One country''s deployment of the platform.';
COMMENT ON COLUMN core.site.site_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.site.code IS 'Short public code, such as ee.';
COMMENT ON COLUMN core.site.name IS 'Name shown to people.';
COMMENT ON COLUMN core.site.zone IS 'IANA time zone; a day is a calendar date in it.';
COMMENT ON COLUMN core.site.currency IS 'ISO 4217 code of the money of its pools.';
COMMENT ON COLUMN core.site.locale IS 'BCP 47 tag.';
COMMENT ON COLUMN core.site.data_version IS 'Goes up with every change of its rollups; part of every cache key.';
COMMENT ON COLUMN core.site.refreshed_at IS 'When its rollups last equalled its events.';
COMMENT ON COLUMN core.site.closed_through IS 'All weeks and months that end on or before this day have their rollup rows.';
COMMENT ON COLUMN core.site.last_event_at IS 'The latest time of an event in its rollups.';

CREATE TABLE core.region (
    region_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id smallint NOT NULL REFERENCES core.site,
    code text NOT NULL,
    name text NOT NULL,
    parent_id integer REFERENCES core.region,
    UNIQUE (site_id, code)
);
COMMENT ON TABLE core.region IS 'Counties and other areas of a site; a tree.';
COMMENT ON COLUMN core.region.region_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.region.site_id IS 'The site it lies in.';
COMMENT ON COLUMN core.region.code IS 'Code within the site.';
COMMENT ON COLUMN core.region.name IS 'Name shown to people.';
COMMENT ON COLUMN core.region.parent_id IS 'The region it is part of, if any.';

CREATE TABLE core.school (
    school_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id smallint NOT NULL REFERENCES core.site,
    external_id text NOT NULL,
    name text NOT NULL,
    licences integer CHECK (licences >= 0),
    UNIQUE (site_id, external_id)
);
COMMENT ON TABLE core.school IS 'Schools.';
COMMENT ON COLUMN core.school.school_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.school.site_id IS 'The site it belongs to.';
COMMENT ON COLUMN core.school.external_id IS 'The registry''s or the platform''s id, unique in the site.';
COMMENT ON COLUMN core.school.name IS 'Name shown to people.';
COMMENT ON COLUMN core.school.licences IS 'Pupil licences bought, when known.';

CREATE TABLE core.school_region (
    school_id integer NOT NULL REFERENCES core.school,
    since date NOT NULL,
    region_id integer NOT NULL REFERENCES core.region,
    PRIMARY KEY (school_id, since)
);
COMMENT ON TABLE core.school_region IS 'In which region a school lies, from which day on.';
COMMENT ON COLUMN core.school_region.school_id IS 'The school.';
COMMENT ON COLUMN core.school_region.since IS 'First site-local day on which it holds.';
COMMENT ON COLUMN core.school_region.region_id IS 'The region.';

CREATE TABLE core.publisher (
    publisher_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);
COMMENT ON TABLE core.publisher IS 'Publishers; they are the same in every site.';
COMMENT ON COLUMN core.publisher.publisher_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.publisher.code IS 'Public code.';
COMMENT ON COLUMN core.publisher.name IS 'Name shown to people.';

CREATE TABLE core.book (
    book_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    external_id text NOT NULL UNIQUE,
    title text NOT NULL,
    subject text,
    grades text[] NOT NULL DEFAULT '{}',
    language text,
    weight_milli integer NOT NULL DEFAULT 1000 CHECK (weight_milli BETWEEN 0 AND 1000000)
);
COMMENT ON TABLE core.book IS 'Books; they are the same in every site.';
COMMENT ON COLUMN core.book.book_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.book.external_id IS 'ISBN-13, or the platform''s own id.';
COMMENT ON COLUMN core.book.title IS 'Title.';
COMMENT ON COLUMN core.book.subject IS 'School subject, in snake_case.';
COMMENT ON COLUMN core.book.grades IS 'Grades it is for.';
COMMENT ON COLUMN core.book.language IS 'ISO 639-1.';
COMMENT ON COLUMN core.book.weight_milli IS 'Weight of one view in the revenue share, in thousandths.';

CREATE TABLE core.book_publisher (
    book_id integer NOT NULL REFERENCES core.book,
    since date NOT NULL,
    publisher_id integer NOT NULL REFERENCES core.publisher,
    PRIMARY KEY (book_id, since)
);
COMMENT ON TABLE core.book_publisher IS 'Who owns a book, from which day on.';
COMMENT ON COLUMN core.book_publisher.book_id IS 'The book.';
COMMENT ON COLUMN core.book_publisher.since IS 'First site-local day on which it holds.';
COMMENT ON COLUMN core.book_publisher.publisher_id IS 'The publisher.';

CREATE TABLE core.chapter (
    chapter_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id integer NOT NULL REFERENCES core.book,
    code text NOT NULL,
    title text NOT NULL,
    UNIQUE (book_id, code)
);
COMMENT ON TABLE core.chapter IS 'Chapters of books.';
COMMENT ON COLUMN core.chapter.chapter_id IS 'Number within this warehouse.';
COMMENT ON COLUMN core.chapter.book_id IS 'The book it is part of.';
COMMENT ON COLUMN core.chapter.code IS 'Code within the book.';
COMMENT ON COLUMN core.chapter.title IS 'Title.';

CREATE TABLE core.person (
    site_id smallint NOT NULL REFERENCES core.site,
    pseudonym bytea NOT NULL CHECK (octet_length(pseudonym) = 16),
    person_no integer NOT NULL,
    PRIMARY KEY (site_id, pseudonym)
);
COMMENT ON TABLE core.person IS 'Pseudonyms of pupils and teachers; no names, anywhere.';
COMMENT ON COLUMN core.person.site_id IS 'The site; the same person in two sites is two pseudonyms.';
COMMENT ON COLUMN core.person.pseudonym IS 'First 16 bytes of HMAC-SHA256(site secret, platform''s id).';
COMMENT ON COLUMN core.person.person_no IS 'Dense number within the site, from 1; the member of the sets.';

-- Apart from core.site, so that giving out numbers and refreshing rollups do not wait for each other.
CREATE TABLE core.person_counter (
    site_id smallint PRIMARY KEY REFERENCES core.site,
    given integer NOT NULL
);
COMMENT ON TABLE core.person_counter IS 'How many person numbers each site has given out.';
COMMENT ON COLUMN core.person_counter.site_id IS 'The site.';
COMMENT ON COLUMN core.person_counter.given IS 'The highest number given out; the next is one more.';

-- One row for the whole warehouse. The version tells readers of the dimensions to read them anew; the id keeps answers of
-- two installations apart that share a cache.
CREATE TABLE core.installation (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    installation_id uuid NOT NULL DEFAULT gen_random_uuid(),
    reference_version bigint NOT NULL DEFAULT 0
);
INSERT INTO core.installation DEFAULT VALUES;
COMMENT ON TABLE core.installation IS 'One row about this warehouse.';
COMMENT ON COLUMN core.installation.single IS 'Keeps it to one row.';
COMMENT ON COLUMN core.installation.installation_id IS 'Random; part of every cache key.';
COMMENT ON COLUMN core.installation.reference_version IS 'Goes up with every change of a dimension.';
