//! The values of a statement. They never stand in its text.

use tokio_postgres::types::ToSql;

use crate::dialect::Dialect;

/// A value that can wait for its statement.
pub type Value = Box<dyn ToSql + Sync + Send>;

/// Values in the order of their placeholders, `$1` and so on.
#[derive(Default)]
pub struct Binds(Vec<Value>);

impl Binds {
    /// Adds a value; returns its placeholder.
    pub fn add(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.0.push(Box::new(value));
        format!("${}", self.0.len())
    }

    /// A condition that the column holds one of the values. One array in PostgreSQL, so that the statement stays the same
    /// however many there are; Redshift has no arrays.
    pub fn one_of<T>(&mut self, dialect: Dialect, column: &str, values: Vec<T>) -> String
    where
        T: ToSql + Sync + Send + 'static,
    {
        match dialect {
            Dialect::Postgres => format!("{column} = ANY({})", self.add(values)),
            Dialect::Redshift if values.is_empty() => "false".into(),
            Dialect::Redshift => {
                let places: Vec<String> = values.into_iter().map(|v| self.add(v)).collect();
                format!("{column} IN ({})", places.join(", "))
            }
        }
    }

    pub fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// The values as a client takes them.
    pub fn as_params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|v| v.as_ref() as _).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_an_array_or_as_many_values() {
        let mut binds = Binds::default();
        assert_eq!(binds.add(7i16), "$1");
        assert_eq!(binds.one_of(Dialect::Postgres, "book_id", vec![1, 2, 3]), "book_id = ANY($2)");
        assert_eq!(binds.one_of(Dialect::Redshift, "book_id", vec![1, 2, 3]), "book_id IN ($3, $4, $5)");
        assert_eq!(binds.one_of(Dialect::Redshift, "book_id", Vec::<i32>::new()), "false");
        assert_eq!(binds.into_values().len(), 5);
    }
}
