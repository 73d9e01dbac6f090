-- Partitions are made per day by the loader, so that the unique index of each stays small and old days go by dropping them.
CREATE TABLE core.event (
    site_id smallint NOT NULL,
    day date NOT NULL,
    event_id uuid NOT NULL,
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
    session text,
    query text,
    placement text,
    campaign text,
    variant text,
    x real,
    y real,
    props jsonb,
    UNIQUE (site_id, event_id, day)
) PARTITION BY RANGE (day);
COMMENT ON TABLE core.event IS 'Events, one row each, deduplicated on (site, event id, day).';
COMMENT ON COLUMN core.event.site_id IS 'The site it came from.';
COMMENT ON COLUMN core.event.day IS 'Site-local calendar date of at; from the event''s own time, never from a corrected one.';
COMMENT ON COLUMN core.event.event_id IS 'The sender''s id of the event.';
COMMENT ON COLUMN core.event.at IS 'When it happened, as sent.';
COMMENT ON COLUMN core.event.offset_min IS 'UTC offset of the time as sent, in minutes.';
COMMENT ON COLUMN core.event.received_at IS 'When it was received.';
COMMENT ON COLUMN core.event.load_id IS 'The load that brought it (raw.load).';
COMMENT ON COLUMN core.event.person_no IS 'Who, by number within the site.';
COMMENT ON COLUMN core.event.kind IS '1 page_view, 2 exercise, 3 test, 4 search, 5 media, 6 impression, 7 click, 8 sign_in.';
COMMENT ON COLUMN core.event.role IS '1 student, 2 teacher, 3 other.';
COMMENT ON COLUMN core.event.device IS '1 desktop, 2 tablet, 3 phone, 4 other, 0 not said.';
COMMENT ON COLUMN core.event.school_id IS 'The school, 0 for none.';
COMMENT ON COLUMN core.event.book_id IS 'The book, 0 for none.';
COMMENT ON COLUMN core.event.chapter_id IS 'The chapter, 0 for none.';
COMMENT ON COLUMN core.event.duration_ms IS 'Milliseconds it lasted.';
COMMENT ON COLUMN core.event.session IS 'The platform''s session, if sent.';
COMMENT ON COLUMN core.event.query IS 'Words searched for.';
COMMENT ON COLUMN core.event.placement IS 'Where an impression or click was placed.';
COMMENT ON COLUMN core.event.campaign IS 'The campaign it belongs to.';
COMMENT ON COLUMN core.event.variant IS 'The variant of an experiment.';
COMMENT ON COLUMN core.event.x IS 'Horizontal position, 0 to 1 of the page.';
COMMENT ON COLUMN core.event.y IS 'Vertical position, 0 to 1 of the page.';
COMMENT ON COLUMN core.event.props IS 'What else was sent.';

-- Serves the refresher and bounded questions on events; next to free to keep, since days arrive nearly in order.
CREATE INDEX event_site_brin ON core.event USING brin (site_id) WITH (pages_per_range = 32);
