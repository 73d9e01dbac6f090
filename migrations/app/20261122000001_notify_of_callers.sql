-- Processes keep the callers they looked up; whatever can change one is told to them when it is committed.
CREATE FUNCTION app.notify_callers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('callers', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.notify_callers() IS 'Tells every process that listens to forget the callers it has looked up.';

-- Columns are named where others are written often and make no other caller: that a key was used, above all.
CREATE TRIGGER account_changes_callers
    AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF id, email, name, active ON app.account
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
CREATE TRIGGER membership_changes_callers AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON app.membership
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
CREATE TRIGGER organisation_changes_callers AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON app.organisation
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
CREATE TRIGGER api_key_changes_callers
    AFTER INSERT OR DELETE OR TRUNCATE
    OR UPDATE OF id, account_id, organisation_id, prefix, secret_hash, scopes, expires_at, revoked_at ON app.api_key
    FOR EACH STATEMENT EXECUTE FUNCTION app.notify_callers();
