-- The dimensions are small and read whole, so every node has them. Keys are not enforced: merges under a lock keep them.
-- Numbers are unique, not dense. Redshift gives none to a smallint, so a new site's number is found by who adds it.
CREATE TABLE core.site (
    site_id smallint NOT NULL,
    code varchar(256) NOT NULL,
    name varchar(65535) NOT NULL,
    zone varchar(256) NOT NULL,
    currency varchar(256) NOT NULL,
    locale varchar(256) NOT NULL,
    data_version bigint NOT NULL DEFAULT 0,
    refreshed_at timestamptz,
    closed_through date,
    last_event_at timestamptz,
    PRIMARY KEY (site_id)
) DISTSTYLE ALL SORTKEY (site_id);

CREATE TABLE core.region (
    region_id integer IDENTITY (1, 1),
    site_id smallint NOT NULL,
    code varchar(256) NOT NULL,
    name varchar(65535) NOT NULL,
    parent_id integer,
    PRIMARY KEY (region_id)
) DISTSTYLE ALL SORTKEY (site_id, code);

CREATE TABLE core.school (
    school_id integer IDENTITY (1, 1),
    site_id smallint NOT NULL,
    external_id varchar(256) NOT NULL,
    name varchar(65535) NOT NULL,
    licences integer,
    PRIMARY KEY (school_id)
) DISTSTYLE ALL SORTKEY (site_id, external_id);

CREATE TABLE core.school_region (
    school_id integer NOT NULL,
    since date NOT NULL,
    region_id integer NOT NULL,
    PRIMARY KEY (school_id, since)
) DISTSTYLE ALL SORTKEY (school_id, since);

CREATE TABLE core.publisher (
    publisher_id integer IDENTITY (1, 1),
    code varchar(256) NOT NULL,
    name varchar(65535) NOT NULL,
    PRIMARY KEY (publisher_id)
) DISTSTYLE ALL SORTKEY (code);

-- Grades are one text with commas between them.
CREATE TABLE core.book (
    book_id integer IDENTITY (1, 1),
    external_id varchar(256) NOT NULL,
    title varchar(65535) NOT NULL,
    subject varchar(256),
    grades varchar(256) NOT NULL DEFAULT '',
    language varchar(256),
    weight_milli integer NOT NULL DEFAULT 1000,
    PRIMARY KEY (book_id)
) DISTSTYLE ALL SORTKEY (external_id);

CREATE TABLE core.book_publisher (
    book_id integer NOT NULL,
    since date NOT NULL,
    publisher_id integer NOT NULL,
    PRIMARY KEY (book_id, since)
) DISTSTYLE ALL SORTKEY (book_id, since);

CREATE TABLE core.chapter (
    chapter_id integer IDENTITY (1, 1),
    book_id integer NOT NULL,
    code varchar(256) NOT NULL,
    title varchar(65535) NOT NULL,
    PRIMARY KEY (chapter_id)
) DISTSTYLE ALL SORTKEY (book_id, code);

-- A pseudonym is written in hexadecimal: bytes can be no key here. There is no counter beside it, for a load holds a lock.
CREATE TABLE core.person (
    site_id smallint NOT NULL,
    pseudonym char(32) NOT NULL,
    person_no integer NOT NULL,
    PRIMARY KEY (site_id, pseudonym)
) DISTSTYLE KEY DISTKEY (pseudonym) SORTKEY (site_id, pseudonym);

-- Its one row is written with the id of the new warehouse.
CREATE TABLE core.installation (
    single boolean NOT NULL DEFAULT true,
    installation_id char(36) NOT NULL,
    reference_version bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (single)
) DISTSTYLE ALL;
