CREATE TABLE mart.extent (
    site_id smallint NOT NULL,
    rollup varchar(256) NOT NULL,
    grain varchar(256) NOT NULL,
    period date NOT NULL,
    row_count bigint NOT NULL,
    byte_count bigint NOT NULL,
    PRIMARY KEY (site_id, rollup, grain, period)
) DISTSTYLE ALL SORTKEY (site_id, rollup, grain, period);
