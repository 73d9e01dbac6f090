-- Who reads with a role of their own in the database, and which rows. The policies of the tables that the views for BI
-- accounts read look here, by the name of the role that asks.
CREATE TABLE mart.bi_account (
    role_name text PRIMARY KEY,
    name text NOT NULL,
    organisation_id uuid NOT NULL,
    organisation text NOT NULL,
    rows text NOT NULL CHECK (rows IN ('all', 'schools', 'publishers')),
    ids integer[] NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE mart.bi_account IS 'The BI accounts and which rows each sees; kept as their organisations are.';
COMMENT ON COLUMN mart.bi_account.role_name IS 'Its role in the database; never given again to another.';
COMMENT ON COLUMN mart.bi_account.name IS 'What it is for, in the words of who made it.';
COMMENT ON COLUMN mart.bi_account.organisation_id IS 'The organisation it reads for (app.organisation).';
COMMENT ON COLUMN mart.bi_account.organisation IS 'The name of the organisation.';
COMMENT ON COLUMN mart.bi_account.rows IS 'all; or the rows of some schools or publishers only.';
COMMENT ON COLUMN mart.bi_account.ids IS 'Numbers of these schools or publishers; empty where all rows are seen.';
COMMENT ON COLUMN mart.bi_account.created_at IS 'When it was made.';
COMMENT ON COLUMN mart.bi_account.ended_at IS 'From when on it sees nothing; null for never.';
