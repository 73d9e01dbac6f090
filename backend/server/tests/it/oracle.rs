//! The oracle: the same question in plain SQL over the events, with nothing of the engine in it.

use std::collections::BTreeMap;

use model::Model;
use model::calendar::{SchoolYear, Span};
use query::{Filter, Question};
use serde_json::Value;
use testkit::TestDatabase;

/// (period, values of the dimensions) → values of the metrics.
pub type Rows = BTreeMap<Vec<String>, Vec<String>>;

/// What the dimension's code is in the oracle's SQL.
fn dimension(name: &str) -> &'static str {
    match name {
        "site" => "s.code",
        "region" => {
            "(SELECT s.code || ':' || r.code FROM core.school_region h JOIN core.region r USING (region_id)
                      WHERE h.school_id = e.school_id AND h.since <= e.day ORDER BY h.since DESC LIMIT 1)"
        }
        "school" => "(SELECT s.code || ':' || c.external_id FROM core.school c WHERE c.school_id = e.school_id)",
        "publisher" => {
            "(SELECT p.code FROM core.book_publisher h JOIN core.publisher p USING (publisher_id)
                         WHERE h.book_id = e.book_id AND h.since <= e.day ORDER BY h.since DESC LIMIT 1)"
        }
        "book" => "(SELECT b.external_id FROM core.book b WHERE b.book_id = e.book_id)",
        "chapter" => {
            "(SELECT b.external_id || ':' || c.code FROM core.chapter c JOIN core.book b USING (book_id)
                       WHERE c.chapter_id = e.chapter_id)"
        }
        "subject" => "(SELECT b.subject FROM core.book b WHERE b.book_id = e.book_id)",
        "role" => "(CASE e.role WHEN 1 THEN 'student' WHEN 2 THEN 'teacher' WHEN 3 THEN 'other' END)",
        "device" => {
            "(CASE e.device WHEN 1 THEN 'desktop' WHEN 2 THEN 'tablet' WHEN 3 THEN 'phone' WHEN 4 THEN 'other' END)"
        }
        "kind" => "(ARRAY['page_view','exercise','test','search','media','impression','click','sign_in'])[e.kind]",
        other => panic!("the oracle does not know {other}"),
    }
}

const GRADES: &str = "(SELECT coalesce(nullif(b.grades, '{}'), '{NULL}') FROM core.book b WHERE b.book_id = e.book_id)";

fn metric(name: &str) -> String {
    let things = |what: &str| format!("count(DISTINCT {what}) FILTER (WHERE e.kind = 1)::text");
    match name {
        "events" => "count(*)::text".into(),
        "views" => "count(*) FILTER (WHERE e.kind = 1)::text".into(),
        "exercises" => "count(*) FILTER (WHERE e.kind = 2)::text".into(),
        "tests" => "count(*) FILTER (WHERE e.kind = 3)::text".into(),
        "searches" => "count(*) FILTER (WHERE e.kind = 4)::text".into(),
        "minutes" => "round(sum(e.duration_ms)::numeric / 60000, 2)::float8::text".into(),
        "readers" => "count(DISTINCT (e.site_id, e.person_no)) FILTER (WHERE e.kind = 1)::text".into(),
        "active" => "count(DISTINCT (e.site_id, e.person_no))::text".into(),
        "pupils_active" => "count(DISTINCT (e.site_id, e.person_no)) FILTER (WHERE e.role = 1)::text".into(),
        "teachers_active" => "count(DISTINCT (e.site_id, e.person_no)) FILTER (WHERE e.role = 2)::text".into(),
        "schools" => things("nullif(e.school_id, 0)"),
        "books" => things("nullif(e.book_id, 0)"),
        "publishers" => things(dimension("publisher")),
        "weighted_views" => "round(coalesce(sum((SELECT b.weight_milli FROM core.book b WHERE b.book_id = e.book_id))
                             FILTER (WHERE e.kind = 1), 0)::numeric / 1000, 3)::float8::text"
            .into(),
        "minutes_per_reader" => ratio("sum(e.duration_ms)::numeric / 60000", READERS),
        "views_per_reader" => ratio("count(*) FILTER (WHERE e.kind = 1)::numeric", READERS),
        "readers_per_school" => {
            ratio(&format!("{READERS}::numeric"), "count(DISTINCT nullif(e.school_id, 0)) FILTER (WHERE e.kind = 1)")
        }
        other => panic!("the oracle does not know {other}"),
    }
}

const READERS: &str = "count(DISTINCT (e.site_id, e.person_no)) FILTER (WHERE e.kind = 1)";

fn ratio(of: &str, by: &str) -> String {
    format!("round({of} / nullif({by}, 0), 1)::float8::text")
}

/// What the dimension's name is, which `contains` looks at beside the code.
fn name(dimension_name: &str) -> &'static str {
    match dimension_name {
        "site" => "s.name",
        "region" => {
            "(SELECT r.name FROM core.school_region h JOIN core.region r USING (region_id)
              WHERE h.school_id = e.school_id AND h.since <= e.day ORDER BY h.since DESC LIMIT 1)"
        }
        "school" => "(SELECT c.name FROM core.school c WHERE c.school_id = e.school_id)",
        "publisher" => {
            "(SELECT p.name FROM core.book_publisher h JOIN core.publisher p USING (publisher_id)
              WHERE h.book_id = e.book_id AND h.since <= e.day ORDER BY h.since DESC LIMIT 1)"
        }
        "book" => "(SELECT b.title FROM core.book b WHERE b.book_id = e.book_id)",
        "chapter" => "(SELECT c.title FROM core.chapter c WHERE c.chapter_id = e.chapter_id)",
        other => dimension(other),
    }
}

/// A filter as SQL that is true or false, never null.
fn condition(filter: &Filter) -> String {
    let join = |parts: &[Filter], word: &str| {
        format!("({})", parts.iter().map(condition).collect::<Vec<_>>().join(&format!(" {word} ")))
    };
    if let Some(parts) = &filter.all {
        return join(parts, "AND");
    }
    if let Some(parts) = &filter.any {
        return join(parts, "OR");
    }
    if let Some(part) = &filter.not {
        return format!("NOT {}", condition(part));
    }
    let dimension_name = filter.dimension.as_deref().expect("a dimension");
    let test = |code: &str, name: &str| {
        if let Some(text) = &filter.contains {
            let text = text.to_lowercase();
            return format!("(strpos(lower({code}), '{text}') > 0 OR strpos(lower({name}), '{text}') > 0)");
        }
        if filter.from.is_some() || filter.to.is_some() {
            let numbers = matches!(dimension_name, "grade" | "book");
            let value = |text: &str| if numbers { format!("{text}::numeric") } else { format!("{text} COLLATE \"C\"") };
            let bound = |of: &Option<String>, sign: &str| {
                of.as_ref().map_or("true".into(), |v| format!("{} {sign} {}", value(code), value(&format!("'{v}'"))))
            };
            return format!("({} AND {})", bound(&filter.from, ">="), bound(&filter.to, "<="));
        }
        let values = filter.is_in.as_ref().or(filter.not_in.as_ref()).expect("a test");
        let list = values.iter().map(|v| format!("'{v}'")).collect::<Vec<_>>().join(",");
        format!("{code} IN ({list})")
    };
    let holds = if dimension_name == "grade" {
        format!("EXISTS (SELECT 1 FROM unnest({GRADES}) AS f (grade) WHERE {})", test("f.grade", "f.grade"))
    } else {
        format!("coalesce({}, false)", test(dimension(dimension_name), name(dimension_name)))
    };
    if filter.not_in.is_some() { format!("NOT {holds}") } else { holds }
}

/// The period of an event, and the calendars it is looked up in.
fn period(grain: Option<&str>, model: &Model) -> (String, String) {
    let spans = |of: &dyn Fn(&SchoolYear) -> Vec<(String, Span)>| {
        let row = |site: &str, (label, span): (String, Span)| {
            format!("('{site}', '{label}', '{}'::date, '{}'::date)", span.from, span.to)
        };
        let rows: Vec<String> = model
            .calendars
            .iter()
            .flat_map(|c| c.years.iter().flat_map(of).map(|span| row(&c.site, span)).collect::<Vec<_>>())
            .collect();
        format!("(VALUES {})", rows.join(", "))
    };
    let years = spans(&|y| vec![(y.name.clone(), y.span)]);
    let of_year = format!(
        "LEFT JOIN {years} AS y (site, label, first, last) ON y.site = s.code AND e.day BETWEEN y.first AND y.last"
    );
    let plain = |sql: &str| (sql.to_string(), String::new());
    match grain {
        None => plain("NULL"),
        Some("hour") => plain(
            "(SELECT to_char(local, 'YYYY-MM-DD\"T\"HH24:00') || CASE WHEN off < 0 THEN '-' ELSE '+' END
                || lpad((abs(off) / 60)::text, 2, '0') || ':' || lpad((abs(off) % 60)::text, 2, '0')
              FROM (SELECT e.at AT TIME ZONE s.zone AS local,
                    (extract(epoch FROM (e.at AT TIME ZONE s.zone) - (e.at AT TIME ZONE 'UTC')) / 60)::int AS off) AS clock)",
        ),
        Some("day") => plain("e.day::text"),
        Some("week") => plain("to_char(e.day, 'IYYY-\"W\"IW')"),
        Some("month") => plain("to_char(e.day, 'YYYY-MM')"),
        Some("school_year") => ("y.label".into(), of_year),
        Some("term") => {
            let terms = spans(&|y| y.terms.iter().map(|t| (t.name.clone(), t.span)).collect());
            let of_term = format!(
                "{of_year} LEFT JOIN {terms} AS t (site, label, first, last) ON t.site = s.code AND e.day BETWEEN t.first AND t.last"
            );
            ("coalesce(t.label, y.label || ' between terms')".into(), of_term)
        }
        Some(other) => panic!("{other}"),
    }
}

/// Asks the oracle. `scope` is a condition of its own, over the same names.
pub async fn ask(db: &TestDatabase, question: &Question, scope: &str) -> Rows {
    let (period, calendars) = period(question.grain.as_deref(), &db.model);
    let fan_out = question.dimensions.iter().any(|d| d == "grade");
    let keys: Vec<&str> =
        question.dimensions.iter().map(|d| if d == "grade" { "g.grade" } else { dimension(d) }).collect();
    let select: Vec<String> = [period]
        .into_iter()
        .chain(keys.iter().map(|k| k.to_string()))
        .chain(question.metrics.iter().map(|m| metric(m)))
        .collect();
    let group: Vec<String> = (1..=keys.len() + 1).map(|i| i.to_string()).collect();
    let mut sql =
        format!("SELECT {} FROM core.event e JOIN core.site s USING (site_id) {calendars}", select.join(", "));
    if fan_out {
        sql += &format!(" LEFT JOIN LATERAL unnest(coalesce({GRADES}, '{{NULL}}')) AS g (grade) ON true");
    }
    sql += &format!(" WHERE e.day BETWEEN '{}' AND '{}' AND ({scope})", question.from, question.to);
    for filter in &question.filters {
        sql += &format!(" AND {}", condition(filter));
    }
    sql += &format!(" GROUP BY {}", group.join(", "));
    let rows = db.warehouse.client().await.unwrap().query(&sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    let text = |row: &tokio_postgres::Row, i: usize| row.get::<_, Option<String>>(i).unwrap_or_else(|| "-".into());
    rows.iter()
        .map(|row| {
            let values = (0..=keys.len()).map(|i| text(row, i)).collect();
            let counts = (keys.len() + 1..row.len()).map(|i| plain(&text(row, i))).collect();
            (values, counts)
        })
        .collect()
}

/// The rows of an answer in the oracle's form; rows in which nothing was counted are left out.
pub fn rows_of(answer: &engine::Answer, question: &Question) -> Rows {
    let columns: Vec<&str> = answer.body.columns.iter().map(|c| c.name.as_str()).collect();
    let at = |name: &str| columns.iter().position(|c| *c == name).unwrap_or_else(|| panic!("no column {name}"));
    let keys: Vec<usize> = question.dimensions.iter().map(|d| at(d)).collect();
    let metrics: Vec<usize> = question.metrics.iter().map(|m| at(m)).collect();
    let text = |v: &Value| match v {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        other => plain(&other.to_string()),
    };
    answer
        .body
        .rows
        .iter()
        .map(|row| {
            let period = question.grain.as_deref().map_or("-".into(), |g| text(&row[at(g)]));
            let values = std::iter::once(period).chain(keys.iter().map(|k| text(&row[*k]))).collect();
            (values, metrics.iter().map(|m| text(&row[*m])).collect::<Vec<_>>())
        })
        .filter(|(_, counts)| counted(counts))
        .collect()
}

/// Whether anything was counted; a ratio by nothing is none.
pub fn counted(counts: &[String]) -> bool {
    counts.iter().any(|c| c != "0" && c != "-")
}

/// `3.0` and `3` are the same number.
fn plain(number: &str) -> String {
    number.parse::<f64>().map_or_else(|_| number.to_string(), |n| n.to_string())
}
