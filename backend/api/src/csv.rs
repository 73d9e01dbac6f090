//! CSV (RFC 4180, UTF-8): the same rows as the JSON, safe to open in a spreadsheet.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use engine::Answer;
use serde_json::Value;

use crate::problem::Problem;

/// Whether the caller asks for CSV rather than JSON.
pub fn wanted(headers: &HeaderMap, format: Option<&str>) -> bool {
    match format {
        Some(format) => format == "csv",
        None => headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/csv")),
    }
}

/// Text that a spreadsheet would run as a formula is made text again (OWASP ASVS 5.0, 1.2.10).
pub fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_string()
    }
}

/// A table as a CSV response that is saved as `name`. `trailer` lines follow the rows, each after `# `.
pub fn response(
    name: &str,
    header_row: &[String],
    rows: &[Vec<String>],
    trailer: &[String],
) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header_row).map_err(|e| Problem::internal(&e))?;
    for row in rows {
        writer.write_record(row).map_err(|e| Problem::internal(&e))?;
    }
    let mut text = writer.into_inner().map_err(|e| Problem::internal(&e))?;
    for line in trailer {
        text.extend_from_slice(format!("# {line}\n").as_bytes());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((headers, text).into_response())
}

/// An answer as CSV. What was cut or hidden, and what it is compared with, is said in the file itself.
pub fn answer(answer: &Answer, name: &str) -> Result<Response, Problem> {
    let header_row: Vec<String> = answer.body.columns.iter().map(|c| c.name.clone()).collect();
    let rows: Vec<Vec<String>> = answer.body.rows.iter().map(|r| r.iter().map(value).collect()).collect();
    let told = |code: &str| matches!(code, "limit" | "hidden");
    let notes = answer.body.notes.iter().filter(|n| told(&n.code)).map(|n| n.text.clone());
    let compared = answer.body.compared.map(|days| format!("previous is {} to {}", days.from, days.to));
    let trailer: Vec<String> = notes.chain(compared).collect();
    response(name, &header_row, &rows, &trailer)
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => cell(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        assert_eq!(cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell("＝1+1"), "'＝1+1");
        assert_eq!(cell("Algebra"), "Algebra");
        assert_eq!(value(&Value::from(-5)), "-5");
    }
}
