//! The loader of one site: what it has learned of persons and things, and where its logs stand.

use chrono::{DateTime, Utc};
use reference::Site;
use stage::Objects;
use warehouse::{Dialect, Warehouse, WarehouseError};

use super::batch::{LoadError, Outcome};
use super::dimensions::Dimensions;
use super::direct::Direct;
use super::partitions::Partitions;
use super::persons::Persons;
use super::rows::EventRow;
use super::sql;
use super::staged::{ByManifest, Files, Part, Waiting, redshift};
use super::strategy::Strategy;
use super::transaction::{self, Way};
use crate::enrich::Prepared;
use crate::event::{Reason, Reject};

/// Loads into one site. Keeps what it has learned of persons and things between batches.
pub struct Loader {
    warehouse: Warehouse,
    site: Site,
    dimensions: Dimensions,
    persons: Persons,
    partitions: Partitions,
}

impl Loader {
    pub async fn open(warehouse: &Warehouse, site: &str) -> Result<Self, LoadError> {
        let directory = reference::read::directory(warehouse).await?;
        let site = directory.site(site).ok_or_else(|| LoadError::NoSite(site.into()))?.clone();
        Ok(Self {
            warehouse: warehouse.clone(),
            dimensions: Dimensions::new(warehouse.dialect(), &directory, site.id),
            site,
            persons: Persons::default(),
            partitions: Partitions::default(),
        })
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    /// How the site is loaded now.
    pub async fn strategy(&self) -> Result<Strategy, WarehouseError> {
        Strategy::of(&self.warehouse, self.site.id).await
    }

    /// Offset of the first record of the log that is not committed.
    pub async fn position(&self, source: &str, partition: &str) -> Result<i64, LoadError> {
        Ok(self.standing(source, partition).await?.0)
    }

    /// The same with the mark that was kept beside it.
    pub async fn standing(&self, source: &str, partition: &str) -> Result<(i64, Option<String>), LoadError> {
        let row = self.warehouse.client().await?.query_opt(sql::POSITION, &[&source, &partition]).await?;
        Ok(row.map_or((0, None), |row| (row.get(0), row.get(1))))
    }

    /// Loads the batch, once, however often and by however many loaders it is tried. After an error whose outcome is not
    /// known (the connection broke during the commit) ask [`Loader::position`] before trying again.
    pub async fn load(&mut self, mut batch: Prepared, now: DateTime<Utc>) -> Result<Outcome, LoadError> {
        if let Some(carriage) = self.warehouse.carriage()? {
            // Redshift has no other way in than files: the batch is a manifest of its own.
            let objects = carriage.objects.clone();
            let part = self.write(&objects, batch).await?;
            return self.load_staged(Waiting::new(part, now), &objects, now).await;
        }
        let way = Way::Direct(Direct::new(self.site.id, &mut self.dimensions, &mut self.persons, &mut batch));
        self.partitions.ensure(&self.warehouse, &way.days()).await?;
        transaction::load(&self.warehouse, &self.site, batch, way, now).await
    }

    /// Takes the last of the steps and writes the batch to the stage.
    pub(super) async fn write(&mut self, objects: &Objects, mut batch: Prepared) -> Result<Part, LoadError> {
        let unresolved = batch.refused.len();
        self.resolve(&mut batch).await?;
        Part::write(objects, &self.site, batch, unresolved).await
    }

    /// The last of the steps, for a batch that is to be staged: in a transaction of its own, for what events of a foreign log create
    /// has to have its numbers before they are written down.
    async fn resolve(&mut self, batch: &mut Prepared) -> Result<(), LoadError> {
        let mut client = self.warehouse.client().await?;
        let tx = client.transaction().await?;
        let mut rows = std::mem::take(&mut batch.rows);
        if rows.iter().any(|row| row.event.creates.is_some()) {
            reference::write::hold(&tx, self.warehouse.dialect()).await?;
        }
        self.dimensions.resolve(&tx, self.site.id, &mut rows, batch).await?;
        if self.warehouse.dialect() == Dialect::Redshift {
            refuse_long(&mut rows, batch);
        }
        batch.rows = rows;
        Ok(tx.commit().await?)
    }

    /// Loads what was staged, as [`Loader::load`] loads a batch.
    pub(super) async fn load_staged(
        &mut self,
        waiting: Waiting,
        objects: &Objects,
        now: DateTime<Utc>,
    ) -> Result<Outcome, LoadError> {
        let manifest = waiting.write_manifest(objects, &self.site).await?;
        let (batch, staged) = waiting.into_parts();
        if let Some(carriage) = self.warehouse.carriage()? {
            let way = Way::Manifest(ByManifest::new(self.site.id, carriage, staged, manifest));
            return transaction::load(&self.warehouse, &self.site, batch, way, now).await;
        }
        let way = Way::Files(Files::new(self.site.id, objects, &mut self.persons, staged));
        self.partitions.ensure(&self.warehouse, &way.days()).await?;
        transaction::load(&self.warehouse, &self.site, batch, way, now).await
    }
}

/// Refuses what Redshift has no room for: one such row, and its whole manifest could never be loaded.
fn refuse_long(rows: &mut Vec<EventRow>, batch: &mut Prepared) {
    rows.retain_mut(|row| {
        let bytes = row.props.as_ref().map_or(0, |props| props.to_string().len());
        if bytes > redshift::LONGEST {
            let detail =
                format!("its `props` are {bytes} bytes long; a warehouse in Redshift takes {}", redshift::LONGEST);
            batch.refused.push(row.refused(Reject::new(Reason::TooLong, detail)));
        }
        bytes <= redshift::LONGEST
    });
}

/// Offset of the first record of a log that is not committed.
pub async fn position(warehouse: &Warehouse, source: &str, partition: &str) -> Result<i64, LoadError> {
    let row = warehouse.client().await?.query_opt(sql::POSITION, &[&source, &partition]).await?;
    Ok(row.map_or(0, |row| row.get(0)))
}
