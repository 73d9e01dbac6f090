CREATE TABLE core.alias (
    site_id smallint NOT NULL,
    what varchar(256) NOT NULL,
    given varchar(65535) NOT NULL,
    means varchar(65535) NOT NULL,
    made_by varchar(256) NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (site_id, what, given)
) DISTSTYLE ALL;
ALTER TABLE "raw".quarantine ADD COLUMN given varchar(65535);
