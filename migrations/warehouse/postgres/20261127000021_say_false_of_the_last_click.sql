-- The last request of an item has none after it: it is no double click, rather than nobody knows.
CREATE OR REPLACE VIEW core.event_marked WITH (security_invoker = true) AS
SELECT
    e.*,
    e.kind IN (1, 2, 3, 5, 7) AND e.book_id > 0
    AND coalesce(lead(e.at) OVER same_item - e.at <= interval '30 seconds', false) AS double_click,
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
