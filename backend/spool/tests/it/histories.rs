//! Random histories against a plain list.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::open;

#[derive(Debug, Clone)]
enum Step {
    Append { site: usize, records: Vec<Vec<u8>> },
    Read { site: usize, from: f64, most_records: usize, most_bytes: usize },
    Trim { site: usize, below: f64 },
    Put { key: usize, value: Vec<u8> },
    Reopen,
}

const SITES: [&str; 3] = ["ee", "lv", "lt"];

fn step() -> impl Strategy<Value = Step> {
    let site = 0..SITES.len();
    let record = prop_oneof![9 => proptest::collection::vec(any::<u8>(), 0..40), 1 => (0..400_000usize).prop_map(|length| vec![1; length])];
    prop_oneof![
        6 => (site.clone(), proptest::collection::vec(record, 0..20)).prop_map(|(site, records)| Step::Append { site, records }),
        4 => (site.clone(), 0.0..1.0, 0..30usize, 0..500usize)
            .prop_map(|(site, from, most_records, most_bytes)| Step::Read { site, from, most_records, most_bytes }),
        3 => (site, 0.0..=1.0).prop_map(|(site, below)| Step::Trim { site, below }),
        1 => (0..3usize, proptest::collection::vec(any::<u8>(), 0..20)).prop_map(|(key, value)| Step::Put { key, value }),
        1 => Just(Step::Reopen),
    ]
}

/// A list of all that was sent, and how much of it was trimmed.
#[derive(Default)]
struct Oracle {
    records: Vec<Vec<u8>>,
    first: usize,
}

impl Oracle {
    fn between(&self, share: f64) -> usize {
        self.first + ((self.records.len() - self.first) as f64 * share) as usize
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_as_the_list_has_it(steps in proptest::collection::vec(step(), 1..50)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut spool = open(dir.path());
        let mut reader = spool.reader().unwrap();
        let mut oracles: BTreeMap<&str, Oracle> = BTreeMap::new();
        let mut facts: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Append { site, records } => {
                    let oracle = oracles.entry(SITES[site]).or_default();
                    let offset = runtime.block_on(spool.append(SITES[site], records.clone())).unwrap();
                    prop_assert_eq!(offset, oracle.records.len() as i64);
                    oracle.records.extend(records);
                }
                Step::Read { site, from, most_records, most_bytes } => {
                    let oracle = oracles.entry(SITES[site]).or_default();
                    let from = oracle.between(from);
                    let read = reader.read(SITES[site], from as i64, most_records, most_bytes).unwrap();
                    let mut bytes = 0;
                    let wanted: Vec<_> = oracle.records[from..].iter().enumerate().take_while(|(n, record)| {
                        bytes += record.len();
                        *n == 0 || (*n < most_records && bytes <= most_bytes)
                    }).map(|(n, record)| ((from + n) as i64, record.clone())).collect();
                    prop_assert_eq!(read, wanted);
                }
                Step::Trim { site, below } => {
                    let oracle = oracles.entry(SITES[site]).or_default();
                    oracle.first = oracle.between(below);
                    while reader.trim(SITES[site], oracle.first as i64).unwrap().more {}
                }
                Step::Put { key, value } => {
                    runtime.block_on(spool.put(&key.to_string(), &value)).unwrap();
                    facts.insert(key, value);
                }
                Step::Reopen => {
                    drop((spool, reader));
                    spool = open(dir.path());
                    reader = spool.reader().unwrap();
                }
            }
            for state in reader.sites().unwrap() {
                let oracle = &oracles[state.site.as_str()];
                prop_assert_eq!((state.first, state.next), (oracle.first as i64, oracle.records.len() as i64));
            }
            for (key, value) in &facts {
                let kept = spool.get(&key.to_string()).unwrap();
                prop_assert_eq!(kept.as_ref(), Some(value));
            }
        }
    }
}
