//! JSON in one spelling: keys in the order of their bytes, no white space. What is the same record has the same bytes,
//! whatever order its sender wrote it in.

use serde_json::{Map, Value};

/// The value's bytes, UTF-8.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    write(value, &mut text);
    text.into_bytes()
}

/// The object's bytes, UTF-8.
pub(super) fn object_bytes(map: &Map<String, Value>) -> Vec<u8> {
    let mut text = String::new();
    write_object(map, &mut text);
    text.into_bytes()
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => write_object(map, text),
        Value::Array(list) => {
            text.push('[');
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn write_object(map: &Map<String, Value>, text: &mut String) {
    // Sorted here, for whether a map keeps its keys sorted is another crate's feature to choose.
    let mut fields: Vec<(&String, &Value)> = map.iter().collect();
    fields.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (at, (key, value)) in fields.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_canonical_json_does_not_depend_on_the_order_of_keys() {
        let read = |text: &str| bytes(&serde_json::from_str(text).unwrap());
        let one = read(r#"{"b": [1, 2.5, {"y": null, "x": "õ\n"}], "a": {}}"#);
        assert_eq!(one, read(r#"{"a":{},"b":[1,2.5,{"x":"õ\n","y":null}]}"#));
        assert_eq!(String::from_utf8(one).unwrap(), r#"{"a":{},"b":[1,2.5,{"x":"õ\n","y":null}]}"#);
    }
}
