DO $$
BEGIN
    IF NOT pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
        RAISE WARNING 'the database belongs to another role: everybody who may log in to the server may connect to it';
    ELSIF has_database_privilege('public', current_database(), 'CONNECT')
        OR has_database_privilege('public', current_database(), 'TEMPORARY')
    THEN
        EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO octavo_app, octavo_reader', current_database());
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO octavo_loader', current_database());
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO CURRENT_USER', current_database());
    END IF;
END $$
