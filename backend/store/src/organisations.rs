//! Organisations and their tree.

use access::{OrganisationKind, Reach};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::Store;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, reach_top, record};
use crate::error::StoreError;
use crate::slug::slug;
use crate::turns;

#[derive(Debug, Clone, Copy)]
pub struct Organisations<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// An organisation, as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationSummary {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: OrganisationKind,
    /// Slug of the one right above, if that is within reach, too.
    pub parent: Option<String>,
    /// Its own, without those of organisations below it.
    pub subjects: Vec<i32>,
    pub valid_from: Option<DateTime<Utc>>,
    pub valid_until: Option<DateTime<Utc>>,
    pub requires_two_factor: bool,
    /// How many belong to it.
    pub people: i64,
}

/// What an organisation is to be.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    pub name: String,
    pub kind: OrganisationKind,
    /// Slug of the one right above.
    pub parent: Option<String>,
    /// The warehouse's numbers of schools, publishers or regions; none for the owner.
    pub subjects: Vec<i32>,
    pub valid_from: Option<DateTime<Utc>>,
    pub valid_until: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    parent: Option<String>,
    subjects: Vec<i32>,
    valid_from: Option<DateTime<Utc>>,
    valid_until: Option<DateTime<Utc>>,
    requires_two_factor: bool,
    people: i64,
}

impl Row {
    fn summary(self) -> Result<OrganisationSummary, StoreError> {
        Ok(OrganisationSummary {
            id: self.id,
            slug: self.slug,
            name: self.name,
            kind: self.kind.parse().map_err(StoreError::Corrupt)?,
            parent: self.parent,
            subjects: self.subjects,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            requires_two_factor: self.requires_two_factor,
            people: self.people,
        })
    }
}

impl Organisations<'_> {
    /// The organisations within reach, the tree's order: each is followed by those below it.
    pub async fn list(&self, reach: &Reach) -> Result<Vec<OrganisationSummary>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "WITH RECURSIVE tree AS (
                 SELECT o.*, ARRAY[o.family, o.name, o.slug] AS place, NULL::text AS parent FROM app.organisation AS o
                 WHERE CASE WHEN $1::uuid IS NULL THEN o.parent_id IS NULL ELSE o.id = $1 END
                 UNION ALL
                 SELECT o.*, tree.place || ARRAY[o.family, o.name, o.slug], tree.slug FROM app.organisation AS o
                 JOIN tree ON o.parent_id = tree.id
             )
             SELECT id, slug, name, kind, parent, subjects, valid_from, valid_until, requires_two_factor,
                    (SELECT count(*) FROM app.membership AS m WHERE m.organisation_id = tree.id) AS people
             FROM tree ORDER BY place",
        )
        .bind(reach_top(reach)?)
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(Row::summary).collect()
    }

    /// The organisation of this slug, if it is within reach.
    pub async fn find(&self, reach: &Reach, slug: &str) -> Result<Option<OrganisationSummary>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT o.id, o.slug, o.name, o.kind, o.subjects, o.valid_from, o.valid_until, o.requires_two_factor,
                    (SELECT p.slug FROM app.organisation AS p WHERE p.id = o.parent_id AND app.is_within(p.id, $1)) AS parent,
                    (SELECT count(*) FROM app.membership AS m WHERE m.organisation_id = o.id) AS people
             FROM app.organisation AS o WHERE o.slug = $2 AND app.is_within(o.id, $1)",
        )
        .bind(reach_top(reach)?)
        .bind(slug)
        .fetch_optional(&self.store.pool)
        .await?;
        row.map(Row::summary).transpose()
    }

    /// Makes an organisation; its slug comes from its name.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], [`StoreError::NoOrganisation`] when there is no such parent,
    /// [`StoreError::DoesNotStandBelow`].
    pub async fn make(&self, new: &NewOrganisation) -> Result<OrganisationSummary, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        turns::take(&mut tx, turns::ORGANISATIONS).await?;
        let parent = parent(&mut tx, new.kind, new.parent.as_deref()).await?;
        let made = insert(&mut tx, new, parent).await?.ok_or_else(|| StoreError::NameTaken(new.name.clone()))?;
        let detail = json!({ "kind": new.kind.as_str(), "parent": new.parent, "subjects": new.subjects });
        let entry = Entry::of(Audited::OrganisationMade, &new.name).in_organisation(made).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        self.by_id(made).await
    }

    /// Gives an organisation another name, parent, subjects and time; its kind and slug stay.
    ///
    /// # Errors
    /// As [`Organisations::make`]; [`StoreError::NoOrganisation`] when there is none of this slug.
    pub async fn change(&self, slug: &str, new: &NewOrganisation) -> Result<OrganisationSummary, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let parent = parent(&mut tx, new.kind, new.parent.as_deref()).await?;
        let changed: Result<Option<Uuid>, sqlx::Error> = sqlx::query_scalar(
            "UPDATE app.organisation SET name = $2, parent_id = $3, subjects = $4, valid_from = $5, valid_until = $6
             WHERE slug = $1 AND kind = $7 RETURNING id",
        )
        .bind(slug)
        .bind(&new.name)
        .bind(parent)
        .bind(&new.subjects)
        .bind(new.valid_from)
        .bind(new.valid_until)
        .bind(new.kind.as_str())
        .fetch_optional(&mut *tx)
        .await;
        let id = changed.map_err(|e| taken(e, &new.name))?.ok_or(StoreError::NoOrganisation)?;
        let detail = json!({ "parent": new.parent, "subjects": new.subjects,
            "valid_from": new.valid_from, "valid_until": new.valid_until });
        let entry = Entry::of(Audited::OrganisationChanged, &new.name).in_organisation(id).with(detail);
        record(&mut tx, self.actor, None, entry).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        self.by_id(id).await
    }

    /// Whether its members need a second factor.
    pub async fn require_two_factor(&self, reach: &Reach, slug: &str, required: bool) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let found: Option<(Uuid, String)> = sqlx::query_as(
            "UPDATE app.organisation AS o SET requires_two_factor = $3
             WHERE o.slug = $2 AND app.is_within(o.id, $1) RETURNING o.id, o.name",
        )
        .bind(reach_top(reach)?)
        .bind(slug)
        .bind(required)
        .fetch_optional(&mut *tx)
        .await?;
        let (id, name) = found.ok_or(StoreError::NoOrganisation)?;
        let entry = Entry::of(Audited::OrganisationChanged, name).in_organisation(id);
        record(&mut tx, self.actor, None, entry.with(json!({ "requires_two_factor": required }))).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(())
    }

    /// The organisation of this name and kind, made or given these subjects. For programs, which know names and not slugs.
    pub async fn keep(&self, name: &str, kind: OrganisationKind, subjects: &[i32]) -> Result<Uuid, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        turns::take(&mut tx, turns::ORGANISATIONS).await?;
        let found: Option<(Uuid, Vec<i32>)> =
            sqlx::query_as("SELECT id, subjects FROM app.organisation WHERE name = $1 AND kind = $2 FOR UPDATE")
                .bind(name)
                .bind(kind.as_str())
                .fetch_optional(&mut *tx)
                .await?;
        let (id, what) = match found {
            Some((id, kept)) if kept == subjects => return Ok(id),
            Some((id, _)) => {
                let sql = "UPDATE app.organisation SET subjects = $2 WHERE id = $1";
                sqlx::query(sql).bind(id).bind(subjects).execute(&mut *tx).await?;
                (id, Audited::OrganisationChanged)
            }
            None => {
                let (name, subjects) = (name.to_string(), subjects.to_vec());
                let new = NewOrganisation { name, kind, parent: None, subjects, valid_from: None, valid_until: None };
                let made = insert(&mut tx, &new, None).await?;
                (made.ok_or_else(|| StoreError::NameTaken(new.name.clone()))?, Audited::OrganisationMade)
            }
        };
        let detail = json!({ "kind": kind.as_str(), "subjects": subjects });
        record(&mut tx, self.actor, None, Entry::of(what, name).in_organisation(id).with(detail)).await?;
        tx.commit().await?;
        self.store.callers.forget_all();
        Ok(id)
    }

    /// The id of the organisation of this name and kind.
    pub async fn named(&self, name: &str, kind: OrganisationKind) -> Result<Option<Uuid>, StoreError> {
        let id = sqlx::query_scalar("SELECT id FROM app.organisation WHERE name = $1 AND kind = $2")
            .bind(name)
            .bind(kind.as_str())
            .fetch_optional(&self.store.pool)
            .await?;
        Ok(id)
    }

    async fn by_id(&self, id: Uuid) -> Result<OrganisationSummary, StoreError> {
        let row: Row = sqlx::query_as(
            "SELECT o.id, o.slug, o.name, o.kind, p.slug AS parent, o.subjects, o.valid_from, o.valid_until,
                    o.requires_two_factor,
                    (SELECT count(*) FROM app.membership AS m WHERE m.organisation_id = o.id) AS people
             FROM app.organisation AS o LEFT JOIN app.organisation AS p ON p.id = o.parent_id WHERE o.id = $1",
        )
        .bind(id)
        .fetch_one(&self.store.pool)
        .await?;
        row.summary()
    }
}

/// The id of the parent, which has to be of a kind that may stand above.
async fn parent(
    connection: &mut PgConnection,
    kind: OrganisationKind,
    slug: Option<&str>,
) -> Result<Option<Uuid>, StoreError> {
    let Some(slug) = slug else { return Ok(None) };
    // Shared with those who do the same, against those who would change its kind meanwhile.
    let found: Option<(Uuid, String)> =
        sqlx::query_as("SELECT id, kind FROM app.organisation WHERE slug = $1 FOR SHARE")
            .bind(slug)
            .fetch_optional(connection)
            .await?;
    let (id, above) = found.ok_or(StoreError::NoOrganisation)?;
    let above: OrganisationKind = above.parse().map_err(StoreError::Corrupt)?;
    if kind.may_stand_below(above) { Ok(Some(id)) } else { Err(StoreError::DoesNotStandBelow { kind, above }) }
}

/// Its id, or `None` when there is one of this name and kind.
async fn insert(
    connection: &mut PgConnection,
    new: &NewOrganisation,
    parent: Option<Uuid>,
) -> Result<Option<Uuid>, StoreError> {
    let base = slug(&new.name);
    let id = sqlx::query_scalar(
        "INSERT INTO app.organisation (id, slug, name, kind, parent_id, subjects, valid_from, valid_until)
         SELECT $1, CASE WHEN EXISTS (SELECT FROM app.organisation WHERE slug = $2)
                         THEN $2 || '-' || left($1::text, 8) ELSE $2 END, $3, $4, $5, $6, $7, $8
         ON CONFLICT (name, kind) DO NOTHING RETURNING id",
    )
    .bind(Uuid::new_v4())
    .bind(base)
    .bind(&new.name)
    .bind(new.kind.as_str())
    .bind(parent)
    .bind(&new.subjects)
    .bind(new.valid_from)
    .bind(new.valid_until)
    .fetch_optional(connection)
    .await?;
    Ok(id)
}

fn taken(error: sqlx::Error, name: &str) -> StoreError {
    match error.as_database_error().and_then(|e| e.constraint()) {
        Some("organisation_name_kind_key") => StoreError::NameTaken(name.to_string()),
        _ => StoreError::Database(error),
    }
}
