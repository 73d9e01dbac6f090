DO $$
DECLARE
    thing record;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE WARNING 'only a superuser can take advisory locks and large objects from everybody; see docs/BI.md';
        RETURN;
    END IF;
    FOR thing IN SELECT p.oid::regprocedure AS name, p.proname LIKE 'pg_%' AS lock FROM pg_proc AS p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (p.proname ~ '^pg_(try_)?advisory_'
            OR p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', thing.name);
        IF thing.lock THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO octavo_app, octavo_loader', thing.name);
        END IF;
    END LOOP;
END $$
