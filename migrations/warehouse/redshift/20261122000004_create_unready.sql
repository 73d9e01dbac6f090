CREATE TABLE mart.unready (
    site_id smallint NOT NULL,
    rollup varchar(256) NOT NULL,
    last_mark bigint NOT NULL,
    PRIMARY KEY (site_id, rollup)
) DISTSTYLE ALL SORTKEY (site_id, rollup);
