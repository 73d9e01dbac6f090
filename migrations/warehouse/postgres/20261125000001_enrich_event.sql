-- What the steps between decoding and storing find out.
ALTER TABLE core.event ADD COLUMN robot boolean NOT NULL DEFAULT false;
ALTER TABLE core.event ADD COLUMN referrer text;
COMMENT ON COLUMN core.event.robot IS 'Whether its user agent is a robot''s: kept, and counted nowhere.';
COMMENT ON COLUMN core.event.referrer IS 'The host it came from.';

-- Marks that depend on an event's neighbours are made when they are read, from what is stored: they are right after whatever comes
-- late, and the same after a replay. A double click is a request of the same item by the same person within 30 seconds of the next
-- one, which is the one that counts (COUNTER Code of Practice 5.1, section 7.3). A visit ends after 30 minutes without an event, or
-- with the day.
CREATE VIEW core.event_marked WITH (security_invoker = true) AS
SELECT
    e.*,
    e.kind IN (1, 2, 3, 5, 7) AND e.book_id > 0 AND lead(e.at) OVER same_item - e.at <= interval '30 seconds' AS double_click,
    sum(CASE WHEN e.begins_visit THEN 1 ELSE 0 END) OVER (
        PARTITION BY e.site_id, e.day, e.person_no ORDER BY e.at, e.event_id
    )::integer AS visit_no
FROM (
    SELECT
        event.*,
        coalesce(event.at - lag(event.at) OVER (
            PARTITION BY event.site_id, event.day, event.person_no ORDER BY event.at, event.event_id
        ) > interval '30 minutes', true) AS begins_visit
    FROM core.event
    WHERE NOT event.robot
) AS e
WINDOW same_item AS (
    PARTITION BY e.site_id, e.day, e.person_no, e.kind, e.book_id, e.chapter_id ORDER BY e.at, e.event_id
);
COMMENT ON VIEW core.event_marked IS 'The events of people with the marks that depend on their neighbours; ask for single days.';
COMMENT ON COLUMN core.event_marked.double_click IS 'Asked for again within 30 seconds: the later one counts.';
COMMENT ON COLUMN core.event_marked.begins_visit IS 'The first after more than 30 minutes, or of the day.';
COMMENT ON COLUMN core.event_marked.visit_no IS 'Number of the visit among the person''s of the day.';
