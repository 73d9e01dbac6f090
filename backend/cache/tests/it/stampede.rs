//! Many ask for the same at once: it is computed once, and who goes away takes nothing from the others.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use cache::{Answers, NoTier};
use redis::AsyncCommands;
use tokio::task::JoinSet;

use crate::processes::{Processes, Work, answer, key};

const TAKES: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clients_of_three_processes_cost_one_computation() {
    let Some(processes) = Processes::start("stampede", 3).await else { return };
    let work = Work::default();
    let mut clients = JoinSet::new();
    for client in 0..1000 {
        let (process, work) = (processes.of(client), work.clone());
        clients.spawn(async move { process.get_or_compute(&key(0), || work.on(0, TAKES)).await.unwrap() });
    }
    let found = clients.join_all().await;
    assert!(found.iter().all(|found| found.bytes == answer(0)));
    assert_eq!(work.counts(), (1, 1));
    for process in &processes.each {
        assert!(process.get_or_compute(&key(0), || work.on(0, TAKES)).await.unwrap().hit);
    }
    assert_eq!(work.counts(), (1, 1));
    processes.end().await;
}

#[tokio::test]
async fn a_client_that_goes_away_takes_nothing_from_the_others() {
    let Some(processes) = Processes::start("away", 2).await else { return };
    let work = Work::default();
    let ask = |client: usize, takes| {
        let (process, work) = (processes.of(client), work.clone());
        tokio::spawn(async move { process.get_or_compute(&key(0), || work.on(0, takes)).await })
    };
    let first = ask(0, Duration::from_millis(300));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (same, other) = (ask(0, TAKES), ask(1, TAKES));
    tokio::time::sleep(Duration::from_millis(50)).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(same.await.unwrap().unwrap().bytes, answer(0));
    assert_eq!(other.await.unwrap().unwrap().bytes, answer(0));
    assert_eq!(work.counts(), (1, 1), "what the first began was not begun again");
    processes.end().await;
}

#[tokio::test]
async fn with_the_last_client_the_computation_goes_and_another_process_has_its_turn() {
    let Some(processes) = Processes::start("last", 2).await else { return };
    let work = Work::default();
    let ask = |client: usize, takes| {
        let (process, work) = (processes.of(client), work.clone());
        tokio::spawn(async move { process.get_or_compute(&key(0), || work.on(0, takes)).await })
    };
    let gone = [ask(0, Duration::from_secs(60)), ask(0, Duration::from_secs(60))];
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(work.counts(), (1, 0));
    let since = Instant::now();
    let other = ask(1, Duration::ZERO);
    tokio::time::sleep(Duration::from_millis(50)).await;
    gone.iter().for_each(|client| client.abort());
    assert_eq!(other.await.unwrap().unwrap().bytes, answer(0));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}: the turn was not given back", since.elapsed());
    assert_eq!(work.counts(), (2, 1), "the first was given up");
    processes.end().await;
}

#[tokio::test]
async fn the_turn_of_a_process_that_died_is_waited_for_and_not_for_ever() {
    let Some(processes) = Processes::start("died", 1).await else { return };
    let mut raw = processes.raw().await;
    let name = format!("turn:{}", key(0).as_str());
    let () = raw.pset_ex(&name, "of the dead", 500).await.unwrap();
    let (work, since) = (Work::default(), Instant::now());
    let found = processes.of(0).get_or_compute(&key(0), || work.on(0, TAKES)).await.unwrap();
    assert_eq!((found.bytes, found.hit), (answer(0), false));
    assert!((400..1500).contains(&since.elapsed().as_millis()), "{:?}", since.elapsed());

    // A turn that does not end is not waited for.
    let () = raw.set(format!("turn:{}", key(1).as_str()), "of another").await.unwrap();
    let since = Instant::now();
    processes.of(0).get_or_compute(&key(1), || work.on(1, TAKES)).await.unwrap();
    assert!((1900..3500).contains(&since.elapsed().as_millis()), "{:?}", since.elapsed());
    processes.end().await;
}

#[tokio::test]
async fn a_turn_that_took_too_long_and_is_anothers_by_now_is_left_alone() {
    let Some(processes) = Processes::start("anothers", 1).await else { return };
    let (mut raw, work, process) = (processes.raw().await, Work::default(), processes.of(0));
    let computing = tokio::spawn({
        let work = work.on(0, TAKES);
        async move { process.get_or_compute(&key(0), || work).await }
    });
    tokio::time::sleep(TAKES / 2).await;
    let name = format!("turn:{}", key(0).as_str());
    assert!(raw.exists::<_, bool>(&name).await.unwrap());
    let () = raw.set(&name, "of another").await.unwrap();
    computing.await.unwrap().unwrap();
    tokio::time::sleep(TAKES).await;
    assert_eq!(raw.get::<_, String>(&name).await.unwrap(), "of another");
    processes.end().await;
}

#[tokio::test]
async fn an_error_goes_to_all_who_wait_and_is_not_stored() {
    let answers = Answers::new(Box::new(NoTier));
    let work = Work::default();
    let fails = || {
        let begun = work.begun.clone();
        async move {
            begun.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(TAKES).await;
            Err("no".to_string())
        }
    };
    let (key_0, key_1) = (key(0), key(1));
    let (a, b, other) = tokio::join!(
        answers.get_or_compute(&key_0, &fails),
        answers.get_or_compute(&key_0, &fails),
        answers.get_or_compute(&key_1, || work.on(1, TAKES)),
    );
    assert_eq!([a.unwrap_err().as_str(), b.unwrap_err().as_str()], ["no", "no"]);
    assert_eq!(other.unwrap().bytes, answer(1));
    assert_eq!(work.counts(), (2, 1));
    assert_eq!(answers.get_or_compute(&key_0, || work.on(0, TAKES)).await.unwrap().bytes, answer(0));
}
