-- The money of a month and how it was shared. Written once, in one transaction, and never changed.
CREATE TABLE app.pool (
    site_code text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (site_code, month)
);
COMMENT ON TABLE app.pool IS 'The money shared for one site and month; its row closes the month.';
COMMENT ON COLUMN app.pool.site_code IS 'The site.';
COMMENT ON COLUMN app.pool.month IS 'First day of the month.';
COMMENT ON COLUMN app.pool.amount_minor IS 'Amount in minor units of the currency.';
COMMENT ON COLUMN app.pool.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN app.pool.entered_by IS 'Id of the account that entered it, or the name of the program.';
COMMENT ON COLUMN app.pool.entered_at IS 'When it was entered.';

CREATE TABLE app.statement (
    id uuid PRIMARY KEY,
    site_code text NOT NULL,
    month date NOT NULL,
    publisher_id integer NOT NULL,
    publisher_code text NOT NULL,
    publisher_name text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    pool_minor bigint NOT NULL,
    units_milli bigint NOT NULL CHECK (units_milli >= 0),
    units_total_milli bigint NOT NULL CHECK (units_total_milli >= units_milli),
    created_at timestamptz NOT NULL,
    UNIQUE (site_code, month, publisher_id),
    FOREIGN KEY (site_code, month) REFERENCES app.pool
);
COMMENT ON TABLE app.statement IS 'A publisher''s revenue share for one site and month.';
COMMENT ON COLUMN app.statement.id IS 'Its id.';
COMMENT ON COLUMN app.statement.site_code IS 'The site.';
COMMENT ON COLUMN app.statement.month IS 'First day of the month.';
COMMENT ON COLUMN app.statement.publisher_id IS 'The publisher, by the warehouse''s number.';
COMMENT ON COLUMN app.statement.publisher_code IS 'The publisher''s code on that day.';
COMMENT ON COLUMN app.statement.publisher_name IS 'The publisher''s name on that day.';
COMMENT ON COLUMN app.statement.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN app.statement.amount_minor IS 'What is owed, in minor units; the sum of its lines.';
COMMENT ON COLUMN app.statement.pool_minor IS 'The pool it is a part of, in minor units.';
COMMENT ON COLUMN app.statement.units_milli IS 'The publisher''s units, in thousandths.';
COMMENT ON COLUMN app.statement.units_total_milli IS 'The units of all publishers, in thousandths.';
COMMENT ON COLUMN app.statement.created_at IS 'When it was made.';
CREATE INDEX statement_publisher ON app.statement (publisher_id, month);

CREATE TABLE app.statement_line (
    statement_id uuid NOT NULL REFERENCES app.statement,
    book_id integer NOT NULL,
    book_code text NOT NULL,
    book_name text NOT NULL,
    views bigint NOT NULL CHECK (views >= 0),
    weight_milli bigint NOT NULL CHECK (weight_milli >= 0),
    units_milli bigint NOT NULL CHECK (units_milli::numeric = views::numeric * weight_milli),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (statement_id, book_id)
);
COMMENT ON TABLE app.statement_line IS 'What one book earned.';
COMMENT ON COLUMN app.statement_line.statement_id IS 'The statement.';
COMMENT ON COLUMN app.statement_line.book_id IS 'The book, by the warehouse''s number.';
COMMENT ON COLUMN app.statement_line.book_code IS 'The book''s code on that day.';
COMMENT ON COLUMN app.statement_line.book_name IS 'The book''s title on that day.';
COMMENT ON COLUMN app.statement_line.views IS 'Views that counted.';
COMMENT ON COLUMN app.statement_line.weight_milli IS 'What one view counted, in thousandths.';
COMMENT ON COLUMN app.statement_line.units_milli IS 'views × weight, in thousandths.';
COMMENT ON COLUMN app.statement_line.amount_minor IS 'Its money, in minor units.';

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'A statement never changes; what is late goes into a later one.';
END $$;
COMMENT ON FUNCTION app.refuse_change() IS 'Keeps what was stated as it was stated.';

CREATE TRIGGER pool_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON app.pool
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER statement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON app.statement
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER statement_line_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON app.statement_line
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

-- Append-only is not enough: a row that comes later would break the sums, so each insert must leave them whole.
CREATE FUNCTION app.check_statements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT site_code, month FROM inserted) AS touched
        JOIN app.pool USING (site_code, month)
        JOIN app.statement USING (site_code, month)
        GROUP BY site_code, month, pool.amount_minor
        HAVING sum(statement.amount_minor) <> pool.amount_minor
    ) THEN
        RAISE EXCEPTION 'the statements do not sum to the pool' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_statements() IS 'The statements of a month sum to its pool.';
CREATE TRIGGER statements_sum_to_the_pool AFTER INSERT ON app.statement
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION app.check_statements();

CREATE FUNCTION app.check_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT statement_id FROM inserted) AS touched
        JOIN app.statement ON statement.id = touched.statement_id
        JOIN app.statement_line AS line USING (statement_id)
        GROUP BY statement.id
        HAVING sum(line.amount_minor) <> statement.amount_minor OR sum(line.units_milli) <> statement.units_milli
    ) THEN
        RAISE EXCEPTION 'the lines do not sum to their statement' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_lines() IS 'The lines of a statement sum to it, in money and in units.';
CREATE TRIGGER lines_sum_to_the_statement AFTER INSERT ON app.statement_line
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION app.check_lines();
