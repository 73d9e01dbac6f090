//! A BI account's numbers are the API's, for the same tenant and the same rows.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{BiAccount, Walled, count, walled};

/// Key → exercises, views, readers; what has none of them is left out.
type Numbers = BTreeMap<String, [i64; 3]>;

async fn of_view(account: &BiAccount, sql: &str) -> Numbers {
    let client: Client = account.connect().await;
    let rows = client.query(sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    rows.iter().map(|row| (row.get(0), [row.get(1), row.get(2), row.get::<_, i32>(3).into()])).filter(any).collect()
}

fn any((_, numbers): &(String, [i64; 3])) -> bool {
    numbers.iter().any(|n| *n != 0)
}

async fn of_api(w: &Walled, user: &str, dimensions: &[&str], grain: &str, (from, to): (&str, &str)) -> Numbers {
    let question = json!({"metrics": ["exercises", "views", "readers"], "dimensions": dimensions, "grain": grain,
        "from": from, "to": to, "limit": 10000});
    let answer = w.app.ask(user, &question).await;
    assert_eq!(answer["complete"], true);
    let columns: Vec<&str> =
        answer["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let at = |name: &str| columns.iter().position(|c| *c == name).unwrap_or_else(|| panic!("{name} of {columns:?}"));
    let row = |row: &Value| {
        let keys: Vec<String> =
            [grain].iter().chain(dimensions).map(|k| row[at(k)].as_str().unwrap_or("").to_string()).collect();
        let number = |name: &str| row[at(name)].as_i64().unwrap();
        (keys.join(" "), [number("exercises"), number("views"), number("readers")])
    };
    answer["rows"].as_array().unwrap().iter().map(row).filter(any).collect()
}

#[tokio::test]
async fn a_schools_days_are_the_apis() {
    let w = walled().await;
    for (account, user) in [(&w.school, "school"), (&w.other_school, "other_school")] {
        let sql = "SELECT concat_ws(' ', u.day, s.code, u.role), u.exercises, u.views, u.readers_of_the_day
            FROM bi.usage_by_school_day AS u JOIN bi.school AS s USING (school_id) WHERE u.day BETWEEN '2026-01-01' AND '2026-03-31'";
        let view = of_view(account, sql).await;
        assert!(view.len() > 50);
        assert_eq!(view, of_api(&w, user, &["school", "role"], "day", ("2026-01-01", "2026-03-31")).await);
    }
}

#[tokio::test]
async fn a_schools_months_and_weeks_by_book_are_the_apis() {
    let w = walled().await;
    for (grain, label) in [("month", "to_char(u.month, 'YYYY-MM')"), ("week", "to_char(u.week, 'IYYY-\"W\"IW')")] {
        let sql = format!(
            "SELECT concat_ws(' ', {label}, b.code, u.role), u.exercises, u.views, u.readers_of_the_{grain}
             FROM bi.usage_by_school_book_{grain} AS u JOIN bi.book AS b USING (book_id)
             WHERE u.{grain} BETWEEN '2026-01-05' AND '2026-03-01'"
        );
        let view = of_view(&w.school, &sql).await;
        let range = if grain == "month" { ("2026-02-01", "2026-03-31") } else { ("2026-01-05", "2026-03-01") };
        let mut api = of_api(&w, "school", &["book", "role"], grain, range).await;
        // What is of no book joins none.
        api.retain(|key, _| key.contains("978"));
        assert!(view.len() > 30);
        assert_eq!(view, api, "{grain}");
    }
}

/// Book 3 is Alma's until 10 February, then Cedar's.
#[tokio::test]
async fn a_publishers_days_are_those_on_which_the_book_was_its_own() {
    let w = walled().await;
    let moved = "9780000000003";
    for (account, user) in [(&w.publisher, "publisher"), (&w.other_publisher, "other_publisher")] {
        let sql = "SELECT concat_ws(' ', u.day, b.code), sum(u.exercises)::bigint, sum(u.views)::bigint, sum(u.readers_of_the_day)::integer
            FROM bi.usage_by_book_day AS u JOIN bi.book AS b USING (book_id) WHERE u.day BETWEEN '2026-01-01' AND '2026-03-31' GROUP BY 1";
        // Of two sites the readers of a day are the sum, for no person is in both.
        let view = of_view(account, sql).await;
        assert!(view.len() > 100);
        assert!(view.keys().any(|k| k.ends_with(moved)));
        assert_eq!(view, of_api(&w, user, &["book"], "day", ("2026-01-01", "2026-03-31")).await, "{user}");
    }
    let days = |side: &str| {
        format!(
            "SELECT count(*) FROM bi.usage_by_book_day JOIN bi.book USING (book_id) WHERE code = '{moved}' AND day {side} '2026-02-10'"
        )
    };
    assert_eq!(count(&w.publisher.connect().await, &days(">=")).await, 0);
    assert_eq!(count(&w.other_publisher.connect().await, &days("<")).await, 0);
}

/// The month within which it changed hands is each one's own days added up, and says nothing of readers.
#[tokio::test]
async fn a_publishers_months_are_whole_and_honest() {
    let w = walled().await;
    for (account, user) in [(&w.publisher, "publisher"), (&w.other_publisher, "other_publisher")] {
        for (grain, label, range) in [
            ("month", "to_char(u.month, 'YYYY-MM')", ("2026-01-01", "2026-03-31")),
            ("week", "to_char(u.week, 'IYYY-\"W\"IW')", ("2026-01-05", "2026-03-29")),
        ] {
            let sql = format!(
                "SELECT concat_ws(' ', {label}, b.code), sum(u.exercises)::bigint, sum(u.views)::bigint,
                    CASE WHEN bool_and(u.readers_of_the_{grain} IS NOT NULL) THEN sum(u.readers_of_the_{grain})::integer ELSE -1 END
                 FROM bi.usage_by_book_{grain} AS u JOIN bi.book AS b USING (book_id)
                 WHERE u.{grain} BETWEEN '{}' AND '{}' GROUP BY 1", range.0, range.1);
            let view = of_view(account, &sql).await;
            let mut api = of_api(&w, user, &["book"], grain, range).await;
            let mut unknown = 0;
            for (key, numbers) in &view {
                if numbers[2] == -1 {
                    assert!(key.ends_with("9780000000003"), "{key}");
                    api.get_mut(key).unwrap()[2] = -1;
                    unknown += 1;
                }
            }
            assert_eq!(unknown, 1, "{user}, {grain}");
            assert_eq!(view, api, "{user}, {grain}");
        }
    }
}

#[tokio::test]
async fn the_owners_numbers_are_all() {
    let w = walled().await;
    let sql = "SELECT concat_ws(' ', to_char(u.month, 'YYYY-MM'), b.code), sum(u.exercises)::bigint, sum(u.views)::bigint,
            sum(u.readers_of_the_month)::integer
        FROM bi.usage_by_book_month AS u JOIN bi.book AS b USING (book_id) WHERE u.month BETWEEN '2026-01-01' AND '2026-03-01' GROUP BY 1";
    let mut api = of_api(&w, "owner", &["book"], "month", ("2026-01-01", "2026-03-31")).await;
    api.retain(|key, _| key.contains("978"));
    assert_eq!(of_view(&w.owner, sql).await, api);
}
