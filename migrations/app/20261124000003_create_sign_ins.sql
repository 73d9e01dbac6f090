-- What an account needs to be let in, and how it is let in.
ALTER TABLE app.account
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'et')),
    ADD COLUMN totp_secret bytea,
    ADD COLUMN totp_since timestamptz,
    ADD COLUMN totp_step bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN app.account.password_hash IS 'Argon2id, as a PHC string; null for who signs in elsewhere only.';
COMMENT ON COLUMN app.account.language IS 'The language of letters to this person.';
COMMENT ON COLUMN app.account.totp_secret IS 'The secret of the second factor (RFC 6238), sealed; null when there is none.';
COMMENT ON COLUMN app.account.totp_since IS 'Since when the second factor is asked for; null while it is being set up.';
COMMENT ON COLUMN app.account.totp_step IS 'The time step of the last code that was used: none is good twice.';

CREATE TABLE app.recovery_code (
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (account_id, code_hash)
);
COMMENT ON TABLE app.recovery_code IS 'Codes instead of the second factor; each goes when it is used.';
COMMENT ON COLUMN app.recovery_code.account_id IS 'Whose it is.';
COMMENT ON COLUMN app.recovery_code.code_hash IS 'SHA-256 of the code.';

CREATE TABLE app.sign_in (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    method text NOT NULL,
    two_factor boolean NOT NULL,
    started_at timestamptz NOT NULL,
    proved_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ended_at timestamptz,
    from_address text,
    agent text NOT NULL DEFAULT ''
);
COMMENT ON TABLE app.sign_in IS 'Each signing in of a browser; a session is one that has not ended.';
COMMENT ON COLUMN app.sign_in.id IS 'Its id; the session''s record names it.';
COMMENT ON COLUMN app.sign_in.account_id IS 'Who signed in.';
COMMENT ON COLUMN app.sign_in.method IS 'password, or the identity provider.';
COMMENT ON COLUMN app.sign_in.two_factor IS 'Whether a second factor was shown.';
COMMENT ON COLUMN app.sign_in.started_at IS 'When.';
COMMENT ON COLUMN app.sign_in.proved_at IS 'When the person last proved who they are.';
COMMENT ON COLUMN app.sign_in.last_seen_at IS 'When it was last used, to some minutes.';
COMMENT ON COLUMN app.sign_in.ended_at IS 'When it was ended; null while it holds.';
COMMENT ON COLUMN app.sign_in.from_address IS 'The IP address it was made from.';
COMMENT ON COLUMN app.sign_in.agent IS 'The browser, as it calls itself.';
CREATE INDEX sign_in_account ON app.sign_in (account_id) WHERE ended_at IS NULL;

CREATE TABLE app.viewing (
    id uuid PRIMARY KEY,
    sign_in_id uuid NOT NULL REFERENCES app.sign_in ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    organisation_id uuid NOT NULL REFERENCES app.organisation,
    reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
    started_at timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > started_at),
    ended_at timestamptz
);
COMMENT ON TABLE app.viewing IS 'Views of the platform''s support as somebody else; they change nothing.';
COMMENT ON COLUMN app.viewing.id IS 'Its id.';
COMMENT ON COLUMN app.viewing.sign_in_id IS 'The session of the one who looks.';
COMMENT ON COLUMN app.viewing.account_id IS 'As whom.';
COMMENT ON COLUMN app.viewing.organisation_id IS 'In which organisation.';
COMMENT ON COLUMN app.viewing.reason IS 'Why, in the words of the one who looks.';
COMMENT ON COLUMN app.viewing.started_at IS 'From when on.';
COMMENT ON COLUMN app.viewing.until IS 'Until when.';
COMMENT ON COLUMN app.viewing.ended_at IS 'When it was ended before that.';
CREATE INDEX viewing_sign_in ON app.viewing (sign_in_id, organisation_id);

CREATE TABLE app.known_browser (
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, token_hash)
);
COMMENT ON TABLE app.known_browser IS 'Browsers from which an account has signed in before: an attacker elsewhere does not slow them.';
COMMENT ON COLUMN app.known_browser.account_id IS 'The account.';
COMMENT ON COLUMN app.known_browser.token_hash IS 'SHA-256 of the browser''s cookie.';
COMMENT ON COLUMN app.known_browser.made_at IS 'When.';

CREATE TABLE app.mail_link (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('password_reset', 'email_change')),
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    email text NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE app.mail_link IS 'Links sent by mail; each goes when it is used.';
COMMENT ON COLUMN app.mail_link.token_hash IS 'SHA-256 of the link''s token.';
COMMENT ON COLUMN app.mail_link.kind IS 'password_reset or email_change.';
COMMENT ON COLUMN app.mail_link.account_id IS 'For whom.';
COMMENT ON COLUMN app.mail_link.email IS 'Where it was sent.';
COMMENT ON COLUMN app.mail_link.expires_at IS 'From when on it is worth nothing.';
CREATE INDEX mail_link_account ON app.mail_link (account_id, kind);

CREATE TABLE app.invitation (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES app.organisation,
    email text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'school_admin', 'publisher', 'official', 'operator')),
    subjects integer[],
    language text NOT NULL CHECK (language IN ('en', 'et')),
    invited_by text NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    withdrawn_at timestamptz
);
COMMENT ON TABLE app.invitation IS 'Invitations into organisations.';
COMMENT ON COLUMN app.invitation.id IS 'Its id.';
COMMENT ON COLUMN app.invitation.organisation_id IS 'Into which.';
COMMENT ON COLUMN app.invitation.email IS 'Whom.';
COMMENT ON COLUMN app.invitation.role IS 'As what.';
COMMENT ON COLUMN app.invitation.subjects IS 'For which part of what the organisation is about; null for all.';
COMMENT ON COLUMN app.invitation.language IS 'The language of the letter.';
COMMENT ON COLUMN app.invitation.invited_by IS 'The address of the one who invites.';
COMMENT ON COLUMN app.invitation.token_hash IS 'SHA-256 of the link''s token.';
COMMENT ON COLUMN app.invitation.created_at IS 'When.';
COMMENT ON COLUMN app.invitation.expires_at IS 'From when on it is worth nothing.';
COMMENT ON COLUMN app.invitation.accepted_at IS 'When it was accepted.';
COMMENT ON COLUMN app.invitation.withdrawn_at IS 'When it was withdrawn, or replaced by a later one.';
CREATE UNIQUE INDEX invitation_open ON app.invitation (organisation_id, email)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE app.identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    provider text NOT NULL,
    account_id uuid NOT NULL REFERENCES app.account ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
COMMENT ON TABLE app.identity IS 'Who signs in elsewhere: an identity provider''s person is an account here.';
COMMENT ON COLUMN app.identity.issuer IS 'The provider, as it calls itself in its tokens.';
COMMENT ON COLUMN app.identity.subject IS 'The person, as the provider calls them.';
COMMENT ON COLUMN app.identity.provider IS 'The provider''s short name in the settings.';
COMMENT ON COLUMN app.identity.account_id IS 'The account.';
COMMENT ON COLUMN app.identity.made_at IS 'When they were joined.';
CREATE INDEX identity_account ON app.identity (account_id);

ALTER TABLE app.api_key
    DROP CONSTRAINT api_key_scopes_check,
    ADD CONSTRAINT api_key_scopes_check CHECK (scopes <@ ARRAY['usage:read', 'statements:read', 'events:write']),
    ADD COLUMN networks text[] NOT NULL DEFAULT '{}',
    ADD COLUMN replaced_by uuid REFERENCES app.api_key;
COMMENT ON COLUMN app.api_key.scopes IS 'What it may be used for: usage:read, statements:read, events:write.';
COMMENT ON COLUMN app.api_key.networks IS 'The networks it may be used from, as CIDR blocks; empty for any.';
COMMENT ON COLUMN app.api_key.replaced_by IS 'The key that was made to follow it.';

-- What else can make a caller another.
DROP TRIGGER account_changes_callers ON app.account;
CREATE TRIGGER account_changes_callers
    AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF id, email, name, active, totp_since ON app.account
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
CREATE TRIGGER sign_in_changes_callers
    AFTER DELETE OR TRUNCATE OR UPDATE OF account_id, two_factor, proved_at, ended_at ON app.sign_in
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
CREATE TRIGGER viewing_changes_callers AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON app.viewing
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
DROP TRIGGER api_key_changes_callers ON app.api_key;
CREATE TRIGGER api_key_changes_callers
    AFTER INSERT OR DELETE OR TRUNCATE
    OR UPDATE OF id, account_id, organisation_id, prefix, secret_hash, scopes, networks, expires_at, revoked_at ON app.api_key
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();

-- Everybody who may call at a time, once for each organisation they belong to then.
CREATE FUNCTION app.callers_at(at timestamptz)
RETURNS TABLE (
    account_id uuid, email text, account_name text, role text, subset integer[], number bigint,
    organisation_id uuid, slug text, organisation_name text, kind text, family text, requires_two_factor boolean,
    member_until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT a.id, a.email, a.name, m.role, m.subjects, m.number, o.id, o.slug, o.name, o.kind, o.family, o.requires_two_factor,
           m.valid_until
    FROM app.account AS a
    JOIN app.membership AS m ON m.account_id = a.id
    JOIN app.organisation AS o ON o.id = m.organisation_id
    WHERE a.active AND coalesce(m.valid_until > at, true)
      AND coalesce(o.valid_from <= at, true) AND coalesce(o.valid_until > at, true)
$$;
COMMENT ON FUNCTION app.callers_at(timestamptz) IS 'Accounts that are active with the memberships and organisations that hold at a time.';
