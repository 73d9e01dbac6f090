//! Redshift's way in: files in S3 that a manifest names, copied into a stage table and merged from there, all within one
//! transaction. What COPY is told cannot be a bind, so it is checked here and only then quoted.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum StagedError {
    #[error("'{0}' is no manifest; give s3://BUCKET/KEY, the key of letters, digits and ! - _ . = + /")]
    Manifest(String),
    #[error(
        "Redshift cannot read files from '{0}'; give s3://BUCKET/PREFIX, the prefix of letters, digits and ! - _ . = + /, as \
         OCTAVO_STORE"
    )]
    Store(String),
    #[error("'{0}' is no role; give arn:aws:iam::ACCOUNT:role/NAME, the account of 12 digits, as OCTAVO_REDSHIFT_ROLE")]
    Role(String),
}

/// The address of a manifest: a JSON file that names the files of one load, each with its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest(String);

impl Manifest {
    /// Bucket names are those of Amazon S3 (3 to 63 small letters, digits, hyphens and dots); of a key's characters the safe
    /// ones are taken.
    pub fn new(url: &str) -> Result<Manifest, StagedError> {
        let bucket = |b: &str| {
            let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
            (3..=63).contains(&b.len()) && end(b.chars().next()) && end(b.chars().last()) && b.chars().all(plain)
        };
        let key = |k: &str| {
            let safe = |c: char| c.is_ascii_alphanumeric() || "!-_.=+/".contains(c);
            (1..=1024).contains(&k.len()) && k.chars().all(safe)
        };
        let parts = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        match parts {
            Some((b, k)) if bucket(b) && key(k) => Ok(Manifest(url.into())),
            _ => Err(StagedError::Manifest(url.into())),
        }
    }
}

/// The role that the cluster takes to read the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamRole(String);

impl IamRole {
    /// An ARN of a role, of any of the partitions of AWS.
    pub fn new(arn: &str) -> Result<IamRole, StagedError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", "aws" | "aws-cn" | "aws-us-gov", "iam", "", account, role] = parts[..] else {
            return Err(StagedError::Role(arn.into()));
        };
        let safe = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_/".contains(c);
        let named = role.strip_prefix("role/").is_some_and(|n| (1..=512).contains(&n.len()) && n.chars().all(safe));
        if account.len() == 12 && account.chars().all(|c| c.is_ascii_digit()) && named {
            Ok(IamRole(arn.into()))
        } else {
            Err(StagedError::Role(arn.into()))
        }
    }
}

/// Copies the files of a manifest into a table: CSV packed with gzip, its columns in the table's order. A text is in quotes, `\N` without
/// them is no value. Not one row may be wrong.
pub fn copy(table: &str, manifest: &Manifest, role: &IamRole) -> String {
    format!("COPY {table} FROM '{}' IAM_ROLE '{}' CSV GZIP TIMEFORMAT 'auto' MAXERROR 0 MANIFEST", manifest.0, role.0)
}

/// A temporary table in which rows wait. It outlives its transaction, so it is dropped at the end of it.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    pub name: &'static str,
    /// Name and type of each column.
    pub columns: &'static [(&'static str, &'static str)],
}

impl Stage {
    pub fn create(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        format!("CREATE TEMPORARY TABLE {} ({})", self.name, columns.join(", "))
    }

    /// For few rows; each has its binds, in the order of the columns.
    pub fn insert(&self, rows: usize) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let row = |r: usize| {
            let binds: Vec<String> = (1..=names.len()).map(|c| format!("${}", r * names.len() + c)).collect();
            format!("({})", binds.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.name, names.join(", "), rows.join(", "))
    }

    /// For many rows.
    pub fn copy(&self, manifest: &Manifest, role: &IamRole) -> String {
        copy(self.name, manifest, role)
    }

    pub fn drop(&self) -> String {
        format!("DROP TABLE {}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_or_role_cannot_end_the_text_it_stands_in() {
        for bad in [
            "s3://bucket/a'; DROP TABLE core.event; --",
            "s3://bucket/a\\",
            "s3://bucket/",
            "s3://bucket",
            "s3://B/a",
            "s3://-bucket/a",
            "https://bucket/a",
            "s3://bucket/a b",
            "s3://bucket/a\nb",
        ] {
            assert_eq!(Manifest::new(bad), Err(StagedError::Manifest(bad.into())));
        }
        for bad in [
            "arn:aws:iam::123456789012:role/a' MANIFEST",
            "arn:aws:iam::12345678901:role/a",
            "arn:aws:iam::123456789012:user/a",
            "arn:aws:iam::123456789012:role/",
            "arn:elsewhere:iam::123456789012:role/a",
            "default",
        ] {
            assert_eq!(IamRole::new(bad), Err(StagedError::Role(bad.into())));
        }
    }

    #[test]
    fn rows_are_staged_by_binds_or_by_a_manifest() {
        let stage = Stage { name: "thing_stage", columns: &[("code", "varchar(256)"), ("weight", "integer")] };
        assert_eq!(stage.create(), "CREATE TEMPORARY TABLE thing_stage (code varchar(256), weight integer)");
        assert_eq!(stage.insert(2), "INSERT INTO thing_stage (code, weight) VALUES ($1, $2), ($3, $4)");
        let manifest = Manifest::new("s3://octavo-stage/ee/2026-01-15/7.manifest").unwrap();
        let role = IamRole::new("arn:aws:iam::123456789012:role/octavo-load").unwrap();
        assert_eq!(
            stage.copy(&manifest, &role),
            "COPY thing_stage FROM 's3://octavo-stage/ee/2026-01-15/7.manifest' \
             IAM_ROLE 'arn:aws:iam::123456789012:role/octavo-load' CSV GZIP TIMEFORMAT 'auto' MAXERROR 0 MANIFEST"
        );
    }
}
