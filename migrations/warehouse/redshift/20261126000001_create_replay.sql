CREATE TABLE "raw".replay (
    replay_id bigint IDENTITY (1, 1),
    site_id smallint NOT NULL,
    received_from timestamptz NOT NULL,
    anew boolean NOT NULL,
    began_at timestamptz NOT NULL,
    removed_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (replay_id)
) DISTSTYLE ALL;
