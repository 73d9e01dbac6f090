-- What has just happened, for those who watch it live: one row a load, written with its events, gone after the half hour.
CREATE TABLE mart.live (
    load_id bigint PRIMARY KEY,
    site_id smallint NOT NULL,
    committed_at timestamptz NOT NULL,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz [] NOT NULL,
    person_no integer [] NOT NULL,
    school_id integer [] NOT NULL,
    book_id integer [] NOT NULL
);
COMMENT ON TABLE mart.live IS 'The new events of the last half hour, one row a load; the four lists go together.';
COMMENT ON COLUMN mart.live.load_id IS 'The load that brought them (raw.load).';
COMMENT ON COLUMN mart.live.site_id IS 'The site.';
COMMENT ON COLUMN mart.live.committed_at IS 'When they were loaded.';
COMMENT ON COLUMN mart.live.transaction IS 'Its transaction: what was not yet over when somebody looked is looked for again, in whatever order loads end.';
COMMENT ON COLUMN mart.live.at IS 'When each happened.';
COMMENT ON COLUMN mart.live.person_no IS 'Who, by number within the site.';
COMMENT ON COLUMN mart.live.school_id IS 'The school, 0 for none.';
COMMENT ON COLUMN mart.live.book_id IS 'The book, 0 for none.';
CREATE INDEX live_transaction ON mart.live (transaction);
CREATE INDEX live_committed ON mart.live (committed_at);
