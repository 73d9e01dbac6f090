-- Who may sign in, for whom, as what.
COMMENT ON SCHEMA app IS 'The application''s own data: organisations, accounts, keys, pools and statements.';
COMMENT ON TABLE app._migration IS 'The migrations that were applied to this schema.';
COMMENT ON COLUMN app._migration.version IS 'Its time stamp, from the file''s name.';
COMMENT ON COLUMN app._migration.description IS 'Its description, from the file''s name.';
COMMENT ON COLUMN app._migration.installed_on IS 'When it was applied.';
COMMENT ON COLUMN app._migration.success IS 'Whether it was applied to its end.';
COMMENT ON COLUMN app._migration.checksum IS 'SHA-384 of the file; an applied file never changes.';
COMMENT ON COLUMN app._migration.execution_time IS 'Nanoseconds it took.';

CREATE TABLE app.organisation (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('owner', 'school', 'publisher', 'authority')),
    subjects integer[] NOT NULL DEFAULT '{}',
    UNIQUE (name, kind)
);
COMMENT ON TABLE app.organisation IS 'Tenants: the platform''s owner, schools, publishers, authorities.';
COMMENT ON COLUMN app.organisation.id IS 'Its id.';
COMMENT ON COLUMN app.organisation.name IS 'Name shown to people.';
COMMENT ON COLUMN app.organisation.kind IS 'owner, school, publisher or authority; fixes which rows its members may see.';
COMMENT ON COLUMN app.organisation.subjects IS 'The warehouse''s numbers of the schools, publishers or regions it is about; empty for the owner.';

CREATE TABLE app.account (
    id uuid PRIMARY KEY,
    -- Lower case, so that one person cannot have two accounts by spelling.
    email text NOT NULL UNIQUE CHECK (email ~ '^[^A-Z[:space:]]+@[^A-Z[:space:]]+$'),
    name text NOT NULL,
    password_hash text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE app.account IS 'Persons who sign in.';
COMMENT ON COLUMN app.account.id IS 'Its id.';
COMMENT ON COLUMN app.account.email IS 'E-mail address, trimmed and in lower case.';
COMMENT ON COLUMN app.account.name IS 'Name shown to people.';
COMMENT ON COLUMN app.account.password_hash IS 'Argon2id, as a PHC string.';
COMMENT ON COLUMN app.account.active IS 'Whether it may sign in, by password or key.';
COMMENT ON COLUMN app.account.created_at IS 'When it was made.';

CREATE TABLE app.membership (
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    organisation_id uuid NOT NULL REFERENCES app.organisation ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'school_admin', 'publisher', 'official', 'operator')),
    number bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (account_id, organisation_id)
);
COMMENT ON TABLE app.membership IS 'Which account belongs to which organisation, as what.';
COMMENT ON COLUMN app.membership.account_id IS 'The account.';
COMMENT ON COLUMN app.membership.organisation_id IS 'The organisation.';
COMMENT ON COLUMN app.membership.role IS 'owner, school_admin, publisher, official or operator.';
COMMENT ON COLUMN app.membership.number IS 'Order in which memberships were given; a sign-in is for the first.';
CREATE INDEX membership_organisation ON app.membership (organisation_id);

CREATE TABLE app.api_key (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    organisation_id uuid NOT NULL REFERENCES app.organisation ON DELETE CASCADE,
    name text NOT NULL,
    prefix text NOT NULL UNIQUE CHECK (length(prefix) = 8),
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    scopes text[] NOT NULL CHECK (scopes <@ ARRAY['usage:read', 'statements:read']),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
COMMENT ON TABLE app.api_key IS 'Keys of scripts. A key never sees more than the account that made it.';
COMMENT ON COLUMN app.api_key.id IS 'Its id.';
COMMENT ON COLUMN app.api_key.account_id IS 'The account that made it and whose rights bound it.';
COMMENT ON COLUMN app.api_key.organisation_id IS 'The organisation it acts for.';
COMMENT ON COLUMN app.api_key.name IS 'What its maker calls it.';
COMMENT ON COLUMN app.api_key.prefix IS 'The part of the key that is not secret, to find it by.';
COMMENT ON COLUMN app.api_key.secret_hash IS 'SHA-256 of the whole key; the key itself is shown once and not kept.';
COMMENT ON COLUMN app.api_key.scopes IS 'What it may be used for: usage:read, statements:read.';
COMMENT ON COLUMN app.api_key.created_at IS 'When it was made.';
COMMENT ON COLUMN app.api_key.expires_at IS 'From when on it is refused; null for never.';
COMMENT ON COLUMN app.api_key.last_used_at IS 'When it was last used, to the minute.';
COMMENT ON COLUMN app.api_key.revoked_at IS 'When it was revoked; null while it holds.';
CREATE INDEX api_key_account ON app.api_key (account_id);
CREATE INDEX api_key_organisation ON app.api_key (organisation_id);
