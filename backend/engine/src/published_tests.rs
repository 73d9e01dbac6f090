use std::collections::BTreeSet;

use access::Role;

use super::*;
use crate::plan::plan;
use crate::sample::{scope, snapshot};

/// Schools 1 and 2 of region 2 and school 3 of region 3 of the same site in the first month; in the second each has many persons.
/// Of school 2 few are active, of school 3 few are teachers.
fn counts() -> (Counts, Counts) {
    let schools = vec![
        (vec![0, 1, 2, 1], vec![40, 30, 10]),
        (vec![0, 1, 2, 2], vec![5, 5, 0]),
        (vec![0, 1, 2, 4], vec![60, 40, 20]),
        (vec![0, 1, 3, 3], vec![50, 48, 2]),
        (vec![0, 1, 3, 5], vec![70, 50, 20]),
        (vec![1, 1, 2, 1], vec![40, 30, 10]),
    ];
    let regions =
        vec![(vec![0, 1, 2], vec![105, 75, 30]), (vec![0, 1, 3], vec![120, 98, 22]), (vec![1, 1, 2], vec![40, 30, 10])];
    (schools, regions)
}

fn question(metrics: &[&str], dimensions: &[&str]) -> Question {
    let names = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
    Question {
        metrics: names(metrics),
        dimensions: names(dimensions),
        grain: Some("month".into()),
        from: "2026-01-01".into(),
        to: "2026-02-28".into(),
        ..Question::default()
    }
}

/// Of each row, by its period and values, the metrics that are hidden.
fn hidden(dimensions: &[&str], rows: &[(i32, &[i32], i128)], own_regions: &[i32]) -> Vec<Vec<usize>> {
    let (model, snapshot) = (Model::embedded().unwrap(), snapshot());
    let asked = question(&["views", "active", "pupils_active"], dimensions);
    let asked = validate(&asked, &model, scope(Role::Official, &[1])).unwrap();
    let plan = plan(&asked, &model, &snapshot).unwrap();
    let row = |(period, values, persons): &(i32, &[i32], i128)| Row {
        period: *period,
        values: values.to_vec(),
        now: vec![3, *persons, *persons],
        previous: None,
        hidden: BTreeSet::new(),
    };
    let mut rows: Vec<Row> = rows.iter().map(row).collect();
    let (schools, regions) = counts();
    hide(&pattern(&schools, &regions), asked.query(), &model, &plan, own_regions, &mut rows);
    rows.into_iter().map(|row| row.hidden.into_iter().collect()).collect()
}

#[test]
fn the_pattern_is_fixed_by_all_rows_of_all_sites() {
    let model = Model::embedded().unwrap();
    let asked = validate(&question(&["views"], &["school"]), &model, scope(Role::Official, &[1])).unwrap();
    let census = census(asked.query(), &model).unwrap();
    let dimensions = census.each_ref().map(|asked| {
        let names = asked.query().dimensions.iter().map(|d| model.dimensions[*d].name.as_str());
        names.collect::<Vec<_>>()
    });
    assert_eq!(dimensions, [vec!["site", "region", "school"], vec!["site", "region"]]);
    for of_all in &census {
        assert_eq!(of_all.scope(), &publication_scope());
        let range = |asked: &ScopedQuery| (asked.query().per, asked.query().from, asked.query().to);
        assert_eq!(range(of_all), range(&asked));
        let metrics: Vec<&str> = of_all.query().metrics.iter().map(|m| model.metrics[*m].name.as_str()).collect();
        assert_eq!(metrics, ["active", "pupils_active", "teachers_active"]);
    }
}

#[test]
fn a_school_is_hidden_in_its_month_with_the_next_smallest_beside_it() {
    let rows: &[(i32, &[i32], i128)] = &[(0, &[1], 40), (0, &[2], 5), (0, &[4], 60), (1, &[1], 40)];
    assert_eq!(hidden(&["school"], rows, &[1, 2]), [vec![0, 1, 2], vec![0, 1, 2], vec![], vec![]]);
    // Few teachers: the number of pupils would give theirs away.
    let rows: &[(i32, &[i32], i128)] = &[(0, &[3], 50), (0, &[5], 70)];
    assert_eq!(hidden(&["school"], rows, &[1, 2]), [vec![2], vec![2]]);
}

#[test]
fn few_persons_are_hidden_wherever_they_stand() {
    let rows: &[(i32, &[i32], i128)] = &[(1, &[1], 9), (1, &[1], 10), (1, &[1], 0)];
    assert_eq!(hidden(&["school"], rows, &[1, 2]), [vec![1, 2], vec![], vec![]]);
}

#[test]
fn by_region_the_regions_pattern_counts_and_by_none_the_whole_s() {
    let rows: &[(i32, &[i32], i128)] = &[(0, &[2], 105), (0, &[3], 120), (1, &[2], 40)];
    assert_eq!(hidden(&["region"], rows, &[1, 2]), vec![Vec::<usize>::new(); 3]);
    assert_eq!(hidden(&["school", "region"], &[(0, &[2, 2], 50)], &[2]), [vec![0, 1, 2]]);
    assert_eq!(hidden(&[], &[(0, &[], 50)], &[2, 3]), [Vec::<usize>::new()]);
}

#[test]
fn a_whole_is_hidden_where_one_of_its_regions_is_and_shown_where_two_are() {
    let region =
        |region: i32, active: i128, teachers: i128| (vec![0, 1, region], vec![active, active - teachers, teachers]);
    let of = |regions: Vec<(Vec<i32>, Vec<i128>)>| pattern(&vec![], &regions);
    // Region 1 is small, and 2 is hidden beside it; 3 is shown.
    let few = of(vec![region(1, 5, 0), region(2, 50, 0), region(3, 90, 0)]);
    assert_eq!(whole(&few, 0, &[1, 3]), Shown::Nothing);
    assert_eq!(whole(&few, 0, &[2, 3]), Shown::Nothing);
    assert_eq!(whole(&few, 0, &[1, 2, 3]), Shown::All);
    assert_eq!(whole(&few, 0, &[3]), Shown::All);
    assert_eq!(whole(&few, 1, &[1, 3]), Shown::All);
    // Few teachers in region 1.
    let split = of(vec![region(1, 50, 3), region(2, 60, 20), region(3, 90, 30)]);
    assert_eq!(whole(&split, 0, &[1, 3]), Shown::NotSplit);
    assert_eq!(whole(&split, 0, &[1, 2]), Shown::All);
    assert_eq!(whole(&split, 0, &[3]), Shown::All);
}
