DO $$
DECLARE
    wanted text;
    unbound boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
BEGIN
    FOREACH wanted IN ARRAY ARRAY['octavo_app', 'octavo_loader', 'octavo_reader', 'octavo_bi', 'octavo_bi_view'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            -- Roles are the whole server's: another installation's migrator may make the same one at this moment.
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        -- A superuser takes any role; another login has to be a member of those that it works as.
        IF wanted <> 'octavo_bi' AND NOT unbound AND NOT pg_has_role(wanted, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END $$
