//! Bringing dimensions in on Redshift, which has neither `ON CONFLICT` nor arrays: rows are staged by binds
//! and merged. Within one transaction [`LOCK`] comes first, so that of two writers one waits, and the same statement as on
//! PostgreSQL last, which tells readers that the dimensions changed.

use warehouse::Stage;

/// Keeps every other writer of dimensions waiting until the transaction ends.
pub const LOCK: &str = "LOCK TABLE core.installation";

/// How rows of one kind get in.
pub struct Merge {
    /// The rows wait in the first; the others are filled by the steps.
    pub stages: &'static [Stage],
    /// Sent one after another once the rows are staged.
    pub steps: &'static [&'static str],
}

/// A new site's number. Redshift numbers by itself only what is `integer` or larger.
pub const NEXT_SITE: &str = "SELECT coalesce(max(site_id), 0) + 1 FROM core.site";

/// The number and the zone the site has now; a zone never changes.
pub const SITE_ZONE: &str = "SELECT site_id, zone FROM core.site WHERE code = $1";

const CODE: &str = "varchar(256)";
const NAME: &str = "varchar(65535)";

pub const SITES: Merge = Merge {
    stages: &[Stage {
        name: "site_stage",
        columns: &[
            ("site_id", "smallint"),
            ("code", CODE),
            ("name", NAME),
            ("zone", CODE),
            ("currency", CODE),
            ("locale", CODE),
        ],
    }],
    steps: &["MERGE INTO core.site USING site_stage AS s ON site.code = s.code
        WHEN MATCHED THEN UPDATE SET name = s.name, currency = s.currency, locale = s.locale
        WHEN NOT MATCHED THEN INSERT (site_id, code, name, zone, currency, locale, data_version)
            VALUES (s.site_id, s.code, s.name, s.zone, s.currency, s.locale, 0)"],
};

/// Parents may be among the rows, so they are set once all regions are there.
pub const REGIONS: Merge = Merge {
    stages: &[Stage {
        name: "region_stage",
        columns: &[("site_id", "smallint"), ("code", CODE), ("name", NAME), ("parent", CODE)],
    }],
    steps: &[
        "MERGE INTO core.region USING region_stage AS s ON region.site_id = s.site_id AND region.code = s.code
        WHEN MATCHED THEN UPDATE SET name = s.name
        WHEN NOT MATCHED THEN INSERT (site_id, code, name) VALUES (s.site_id, s.code, s.name)",
        "UPDATE core.region SET parent_id = n.parent_id
        FROM (SELECT s.site_id, s.code, p.region_id AS parent_id
              FROM region_stage AS s LEFT JOIN core.region AS p ON p.site_id = s.site_id AND p.code = s.parent) AS n
        WHERE region.site_id = n.site_id AND region.code = n.code",
    ],
};

/// The second step takes as many rows as schools name a region, or one of the regions does not exist.
pub const SCHOOLS: Merge = Merge {
    stages: &[
        Stage {
            name: "school_stage",
            columns: &[
                ("site_id", "smallint"),
                ("external_id", CODE),
                ("name", NAME),
                ("licences", "integer"),
                ("region", CODE),
                ("since", "date"),
            ],
        },
        Stage {
            name: "school_region_stage",
            columns: &[("school_id", "integer"), ("since", "date"), ("region_id", "integer")],
        },
    ],
    steps: &[
        "MERGE INTO core.school USING school_stage AS s
        ON school.site_id = s.site_id AND school.external_id = s.external_id
        WHEN MATCHED THEN UPDATE SET name = s.name, licences = coalesce(s.licences, school.licences)
        WHEN NOT MATCHED THEN INSERT (site_id, external_id, name, licences)
            VALUES (s.site_id, s.external_id, s.name, s.licences)",
        "INSERT INTO school_region_stage (school_id, since, region_id)
        SELECT c.school_id, s.since, r.region_id FROM school_stage AS s
        JOIN core.school AS c ON c.site_id = s.site_id AND c.external_id = s.external_id
        JOIN core.region AS r ON r.site_id = s.site_id AND r.code = s.region",
        "MERGE INTO core.school_region USING school_region_stage AS s
        ON school_region.school_id = s.school_id AND school_region.since = s.since
        WHEN MATCHED THEN UPDATE SET region_id = s.region_id
        WHEN NOT MATCHED THEN INSERT (school_id, since, region_id) VALUES (s.school_id, s.since, s.region_id)",
    ],
};

pub const PUBLISHERS: Merge = Merge {
    stages: &[Stage { name: "publisher_stage", columns: &[("code", CODE), ("name", NAME)] }],
    steps: &["MERGE INTO core.publisher USING publisher_stage AS s ON publisher.code = s.code
        WHEN MATCHED THEN UPDATE SET name = s.name
        WHEN NOT MATCHED THEN INSERT (code, name) VALUES (s.code, s.name)"],
};

/// The second step takes as many rows as books name a publisher, or one of the publishers does not exist.
pub const BOOKS: Merge = Merge {
    stages: &[
        Stage {
            name: "book_stage",
            columns: &[
                ("external_id", CODE),
                ("title", NAME),
                ("subject", CODE),
                ("grades", CODE),
                ("language", CODE),
                ("weight_milli", "integer"),
                ("publisher", CODE),
                ("since", "date"),
            ],
        },
        Stage {
            name: "book_publisher_stage",
            columns: &[("book_id", "integer"), ("since", "date"), ("publisher_id", "integer")],
        },
    ],
    steps: &[
        "MERGE INTO core.book USING book_stage AS s ON book.external_id = s.external_id
        WHEN MATCHED THEN UPDATE SET title = s.title, subject = s.subject, grades = s.grades, language = s.language,
            weight_milli = s.weight_milli
        WHEN NOT MATCHED THEN INSERT (external_id, title, subject, grades, language, weight_milli)
            VALUES (s.external_id, s.title, s.subject, s.grades, s.language, s.weight_milli)",
        "INSERT INTO book_publisher_stage (book_id, since, publisher_id)
        SELECT b.book_id, s.since, p.publisher_id FROM book_stage AS s
        JOIN core.book AS b ON b.external_id = s.external_id JOIN core.publisher AS p ON p.code = s.publisher",
        "MERGE INTO core.book_publisher USING book_publisher_stage AS s
        ON book_publisher.book_id = s.book_id AND book_publisher.since = s.since
        WHEN MATCHED THEN UPDATE SET publisher_id = s.publisher_id
        WHEN NOT MATCHED THEN INSERT (book_id, since, publisher_id) VALUES (s.book_id, s.since, s.publisher_id)",
    ],
};

/// The first step takes every row, or a chapter's book does not exist.
pub const CHAPTERS: Merge = Merge {
    stages: &[
        Stage { name: "chapter_stage", columns: &[("book", CODE), ("code", CODE), ("title", NAME)] },
        Stage { name: "placed_stage", columns: &[("book_id", "integer"), ("code", CODE), ("title", NAME)] },
    ],
    steps: &[
        "INSERT INTO placed_stage (book_id, code, title)
        SELECT b.book_id, s.code, s.title FROM chapter_stage AS s JOIN core.book AS b ON b.external_id = s.book",
        "MERGE INTO core.chapter USING placed_stage AS s ON chapter.book_id = s.book_id AND chapter.code = s.code
        WHEN MATCHED THEN UPDATE SET title = s.title
        WHEN NOT MATCHED THEN INSERT (book_id, code, title) VALUES (s.book_id, s.code, s.title)",
    ],
};

/// All of them under their names, each after those it refers to.
pub const ALL: [(&str, Merge); 6] = [
    ("sites", SITES),
    ("regions", REGIONS),
    ("schools", SCHOOLS),
    ("publishers", PUBLISHERS),
    ("books", BOOKS),
    ("chapters", CHAPTERS),
];
