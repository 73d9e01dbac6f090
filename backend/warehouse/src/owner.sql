DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN SELECT nspname FROM pg_namespace
        WHERE nspname IN ('raw', 'core', 'mart') AND nspowner <> 'octavo_loader'::regrole
    LOOP
        EXECUTE format('ALTER SCHEMA %I OWNER TO octavo_loader', thing.nspname);
    END LOOP;
    -- A table takes the sequences of its columns with it.
    FOR thing IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('raw', 'core', 'mart') AND c.relkind IN ('r', 'p', 'm') AND c.relowner <> 'octavo_loader'::regrole
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO octavo_loader',
            CASE thing.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, thing.name);
    END LOOP;
END $$
