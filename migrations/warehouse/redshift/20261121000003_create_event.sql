-- No partitions: days come nearly in order, so the sort key finds them. Rows of one id meet on one node, where duplicates are
-- looked for.
CREATE TABLE core.event (
    site_id smallint NOT NULL,
    day date NOT NULL,
    event_id char(36) NOT NULL,
    at timestamptz NOT NULL,
    offset_min smallint NOT NULL,
    received_at timestamptz NOT NULL,
    load_id bigint NOT NULL,
    person_no integer NOT NULL,
    kind integer NOT NULL,
    role integer NOT NULL,
    device integer NOT NULL DEFAULT 0,
    school_id integer NOT NULL DEFAULT 0,
    book_id integer NOT NULL DEFAULT 0,
    chapter_id integer NOT NULL DEFAULT 0,
    duration_ms integer NOT NULL DEFAULT 0,
    session varchar(65535),
    query varchar(65535),
    placement varchar(65535),
    campaign varchar(65535),
    variant varchar(65535),
    x real,
    y real,
    props super,
    PRIMARY KEY (site_id, event_id, day)
) DISTSTYLE KEY DISTKEY (event_id) SORTKEY (day, site_id);
