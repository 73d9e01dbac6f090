//! A request's body as it was before it was packed, and how it is written.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use ingest::receive::Written;

use super::LARGEST_BODY;
use crate::problem::Problem;

/// What the headers say of how the body is written. `text/plain` is what `navigator.sendBeacon` sends.
pub(super) fn written(headers: &HeaderMap) -> Result<Written, Problem> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/plain" => Ok(Written::Json),
        "application/x-ndjson" | "application/jsonl" => Ok(Written::Lines),
        _ => {
            let detail = "send application/json, application/x-ndjson, or text/plain with an envelope";
            Err(Problem::new("media_type", detail))
        }
    }
}

/// The body, if all of it came.
pub(super) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::new("bad_json", "the body was cut off"),
    })
}

/// The body, unpacked up to [`LARGEST_BODY`]: what would be larger is refused before it is.
pub(super) fn unpacked<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Problem> {
    let encodings: Vec<_> = headers.get_all(header::CONTENT_ENCODING).iter().collect();
    match encodings.as_slice() {
        [] => Ok(Cow::Borrowed(body)),
        [one] if one.as_bytes().eq_ignore_ascii_case(b"identity") => Ok(Cow::Borrowed(body)),
        [one] if one.as_bytes().eq_ignore_ascii_case(b"gzip") => {
            let mut out = Vec::new();
            let limit = LARGEST_BODY as u64 + 1;
            MultiGzDecoder::new(body)
                .take(limit)
                .read_to_end(&mut out)
                .map_err(|_| Problem::new("bad_json", "the body is named gzip and is none, or is cut off"))?;
            if out.len() > LARGEST_BODY { Err(too_large()) } else { Ok(Cow::Owned(out)) }
        }
        _ => Err(Problem::new("media_type", "send the body packed with gzip or not at all")),
    }
}

pub(super) fn too_large() -> Problem {
    Problem::new("too_large", format!("send at most {LARGEST_BODY} bytes of unpacked events at a time"))
}
