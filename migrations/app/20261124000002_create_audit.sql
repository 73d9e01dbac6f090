-- Who did what. Written in the transaction of what was done; never changed.
CREATE TABLE app.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL CHECK (action ~ '^[a-z_]+$'),
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    actor_id uuid,
    actor text,
    via text NOT NULL,
    organisations uuid[] NOT NULL,
    subject text NOT NULL,
    rule text NOT NULL,
    from_address text,
    request text,
    detail jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE app.audit IS 'The record of what was done and refused; append-only.';
COMMENT ON COLUMN app.audit.id IS 'Its number, rising with time.';
COMMENT ON COLUMN app.audit.at IS 'When, by the database''s clock.';
COMMENT ON COLUMN app.audit.action IS 'What, from a closed list.';
COMMENT ON COLUMN app.audit.outcome IS 'done or refused.';
COMMENT ON COLUMN app.audit.actor_id IS 'The account that did it; null for nobody signed in and for programs. No reference: the record outlives the account.';
COMMENT ON COLUMN app.audit.actor IS 'Its e-mail address on that day, or the name of the program.';
COMMENT ON COLUMN app.audit.via IS 'How it came: session, key and its prefix, view_as, cli, none.';
COMMENT ON COLUMN app.audit.organisations IS 'The organisations whose record it is a part of.';
COMMENT ON COLUMN app.audit.subject IS 'To whom or what.';
COMMENT ON COLUMN app.audit.rule IS 'The rule of the policy by which it was done or refused.';
COMMENT ON COLUMN app.audit.from_address IS 'The IP address it came from.';
COMMENT ON COLUMN app.audit.request IS 'The id of the HTTP request.';
COMMENT ON COLUMN app.audit.detail IS 'What else there is to know; never a secret.';
CREATE INDEX audit_organisations ON app.audit USING gin (organisations);
CREATE INDEX audit_at ON app.audit (at);

CREATE FUNCTION app.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
COMMENT ON FUNCTION app.refuse_rewriting() IS 'Keeps the record as it was written.';
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON app.audit
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_rewriting();
