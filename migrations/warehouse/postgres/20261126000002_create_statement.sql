-- xAPI statements as they were accepted: the same id again is the same statement or a conflict, and senders may ask for them.
CREATE TABLE raw.statement (
    site_id smallint NOT NULL REFERENCES core.site,
    statement_id uuid NOT NULL,
    stored_at timestamptz NOT NULL,
    happened_at timestamptz,
    digest text NOT NULL,
    sender text NOT NULL,
    statement text NOT NULL,
    PRIMARY KEY (site_id, statement_id)
);
CREATE INDEX statement_stored ON raw.statement (site_id, sender, stored_at, statement_id);
COMMENT ON TABLE raw.statement IS 'xAPI statements as they were accepted, with pseudonyms for whoever they name.';
COMMENT ON COLUMN raw.statement.site_id IS 'The site whose write key sent it.';
COMMENT ON COLUMN raw.statement.statement_id IS 'Its id: the sender''s, or the one made for it.';
COMMENT ON COLUMN raw.statement.stored_at IS 'When it was received, to the millisecond, as in its property stored.';
COMMENT ON COLUMN raw.statement.happened_at IS 'The time that its sender gave it; null: none.';
COMMENT ON COLUMN raw.statement.digest IS 'HMAC-SHA256 under the site''s secret of what was sent, but for the time: equal for the same statement.';
COMMENT ON COLUMN raw.statement.sender IS 'Made of the write key that sent it, which alone may ask for it.';
COMMENT ON COLUMN raw.statement.statement IS 'The statement as JSON.';
