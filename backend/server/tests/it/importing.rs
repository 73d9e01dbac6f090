//! Reference data out of CSV files: all of a file or nothing, and again without harm.

use reference::Table;
use reference::tables::{TableError, bring_in};
use testkit::{TestDatabase, seed};

async fn import(db: &TestDatabase, of: Table, text: &str) -> Result<usize, TableError> {
    let directory = reference::read::directory(&db.warehouse).await.unwrap();
    let mut client = db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let rows = bring_in(&tx, db.warehouse.dialect(), of, directory.site("ee").unwrap().id, text.as_bytes()).await?;
    tx.commit().await.unwrap();
    Ok(rows)
}

#[tokio::test]
async fn what_is_imported_can_be_loaded() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    assert_eq!(import(&db, Table::Regions, "code,name,parent\nhiiu,Hiiu,\nkardla,Kardla,hiiu\n").await.unwrap(), 2);
    assert_eq!(import(&db, Table::Schools, "id,name,region,licences\nS100,New,kardla,40\n").await.unwrap(), 1);
    assert_eq!(import(&db, Table::Publishers, "code,name\ndelta,Delta\n").await.unwrap(), 1);
    let books = "id,title,publisher,subject,grades,weight,since\n9781,Algebra,delta,mathematics,7 8,1.5,2025-01-01\n";
    assert_eq!(import(&db, Table::Books, books).await.unwrap(), 1);
    assert_eq!(import(&db, Table::Chapters, "book,code,title\n9781,1,Sets\n").await.unwrap(), 1);
    // Again, and nothing is there twice.
    assert_eq!(import(&db, Table::Books, books).await.unwrap(), 1);
    let d = reference::read::directory(&db.warehouse).await.unwrap();
    let book = d.book("9781").unwrap();
    assert_eq!((book.grades.len(), book.weight_milli, d.chapters_of(book.id).len()), (2, 1500, 1));
    assert_eq!(d.region("ee:kardla").unwrap().parent_id, Some(d.region("ee:hiiu").unwrap().id));

    let mut event = seed::events(1, "ee", 1).remove(0);
    (event.school, event.book, event.chapter) = (Some("S100".into()), Some("9781".into()), Some("1".into()));
    assert_eq!(seed::load(&db, "ee", "a", vec![event]).await.loaded, 1);
}

#[tokio::test]
async fn a_file_with_one_bad_row_brings_nothing_in() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let bad = "id,name,region\nS100,New,harju\nS101,Other,nowhere\n";
    assert!(import(&db, Table::Schools, bad).await.is_err());
    let d = reference::read::directory(&db.warehouse).await.unwrap();
    assert!(d.school("ee:S100").is_none());
}
