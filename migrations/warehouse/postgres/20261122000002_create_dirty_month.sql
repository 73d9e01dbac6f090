-- Append-only like raw.dirty: who refreshes the summaries deletes exactly the marks it has read.
CREATE TABLE raw.dirty_month (
    dirty_month_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id smallint NOT NULL,
    month date NOT NULL
);
COMMENT ON TABLE raw.dirty_month IS 'Months whose rollup rows changed since the views of the summaries were refreshed.';
COMMENT ON COLUMN raw.dirty_month.dirty_month_id IS 'Number of the mark.';
COMMENT ON COLUMN raw.dirty_month.site_id IS 'The site.';
COMMENT ON COLUMN raw.dirty_month.month IS 'First day of the month.';
