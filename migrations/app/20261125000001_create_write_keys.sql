-- Write keys say which site events are of. They stand in every page that sends some, so they are names and no secrets.
CREATE TABLE app.write_key (
    key text PRIMARY KEY,
    site_code text NOT NULL,
    name text NOT NULL,
    origins text[] NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE app.write_key IS 'What events are sent with: it says their site.';
COMMENT ON COLUMN app.write_key.key IS 'The key. It can be read in the pages that use it.';
COMMENT ON COLUMN app.write_key.site_code IS 'The site whose events are sent with it.';
COMMENT ON COLUMN app.write_key.name IS 'What it is for.';
COMMENT ON COLUMN app.write_key.origins IS 'Web origins whose pages may send with it, such as https://book.example; none: any.';
COMMENT ON COLUMN app.write_key.made_at IS 'When it was made.';
COMMENT ON COLUMN app.write_key.ended_at IS 'Since when it is refused.';
CREATE INDEX write_key_site ON app.write_key (site_code);
