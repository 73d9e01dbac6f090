-- The sessions of browsers, where there is no Redis.
CREATE TABLE app.session (
    id text PRIMARY KEY,
    data bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE app.session IS 'Signed-in browsers.';
COMMENT ON COLUMN app.session.id IS 'session: and the SHA-256 of the cookie''s value, in hex; the value itself is not kept.';
COMMENT ON COLUMN app.session.data IS 'What is known about the session, as JSON.';
COMMENT ON COLUMN app.session.expires_at IS 'From when on it is not known any more.';
CREATE INDEX session_expires ON app.session (expires_at);
