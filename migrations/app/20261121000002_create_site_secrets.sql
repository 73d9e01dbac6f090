-- The secrets that turn the platform's ids of persons into pseudonyms.
CREATE TABLE app.site_secret (
    site_code text PRIMARY KEY,
    secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
COMMENT ON TABLE app.site_secret IS 'One secret per site. Whoever has it can link pseudonyms to persons; losing it makes everybody a new person.';
COMMENT ON COLUMN app.site_secret.site_code IS 'The site.';
COMMENT ON COLUMN app.site_secret.secret IS '32 random bytes, the key of HMAC-SHA256.';
