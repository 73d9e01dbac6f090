-- The ledger is locked before anything else of a load, so its numbers need no sequence. Redshift reserves the word partition.
CREATE TABLE "raw".position (
    source varchar(256) NOT NULL,
    "partition" varchar(256) NOT NULL,
    next bigint NOT NULL,
    PRIMARY KEY (source, "partition")
) DISTSTYLE ALL SORTKEY (source, "partition");

CREATE TABLE "raw".load (
    load_id bigint NOT NULL,
    source varchar(256) NOT NULL,
    "partition" varchar(256) NOT NULL,
    first bigint NOT NULL,
    next bigint NOT NULL,
    site_id smallint NOT NULL,
    received integer NOT NULL,
    loaded integer NOT NULL,
    duplicate integer NOT NULL,
    quarantined integer NOT NULL,
    skipped integer NOT NULL,
    committed_at timestamptz NOT NULL,
    PRIMARY KEY (load_id)
) DISTSTYLE ALL SORTKEY (load_id);

CREATE TABLE "raw".quarantine (
    quarantine_id bigint IDENTITY (1, 1),
    load_id bigint NOT NULL,
    site_id smallint NOT NULL,
    record_offset bigint NOT NULL,
    reason varchar(256) NOT NULL,
    detail varchar(65535) NOT NULL,
    PRIMARY KEY (quarantine_id)
) DISTSTYLE EVEN SORTKEY (site_id, reason);

CREATE TABLE "raw".dirty (
    dirty_id bigint IDENTITY (1, 1),
    site_id smallint NOT NULL,
    day date NOT NULL,
    load_id bigint,
    PRIMARY KEY (dirty_id)
) DISTSTYLE ALL SORTKEY (site_id);
