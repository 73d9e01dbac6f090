//! Integers shown with a decimal point.

/// Writes `value` with its last `decimals` digits behind a point: `fixed(10200000, 3)` is `10200.000`.
pub fn fixed(value: i64, decimals: u8) -> String {
    let width = usize::from(decimals) + 1;
    let digits = format!("{:0width$}", value.unsigned_abs());
    let sign = if value < 0 { "-" } else { "" };
    match digits.split_at(digits.len() - usize::from(decimals)) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_stands_where_it_should() {
        assert_eq!(fixed(10_200_000, 3), "10200.000");
        assert_eq!(fixed(5, 2), "0.05");
        assert_eq!(fixed(0, 2), "0.00");
        assert_eq!(fixed(7, 0), "7");
        assert_eq!(fixed(-105, 2), "-1.05");
        assert_eq!(fixed(i64::MIN, 3), "-9223372036854775.808");
    }
}
