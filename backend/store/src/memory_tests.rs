//! In whatever order look-ups, changes, notices, proofs and losses come: memory never says what it must not.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::memory::{Memory, TRUST, Ticket};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Time goes on, in milliseconds.
    Wait(u64),
    /// The truth changes, and its notice is sent.
    Change,
    /// A look-up begins, and reads the truth.
    Begin,
    /// The oldest look-up ends, and what it read is kept.
    End,
    /// The listener asks for a proof; the server answers after all notices sent so far.
    Ask,
    /// The next message arrives.
    Arrive,
    /// The connection is cut, and nobody says so: what is under way is lost.
    Cut,
    /// The listener finds out, and connects anew.
    FindOut,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (1..600u64).prop_map(Step::Wait),
        3 => Just(Step::Change),
        4 => Just(Step::Begin),
        4 => Just(Step::End),
        4 => Just(Step::Ask),
        8 => Just(Step::Arrive),
        1 => Just(Step::Cut),
        2 => Just(Step::FindOut),
    ];
    proptest::collection::vec(step, 1..120)
}

enum Message {
    Notice,
    Proof(Instant),
}

struct World {
    memory: Memory<(), u32>,
    now: Instant,
    /// When each change was made; the truth is how many there were.
    changes: Vec<Instant>,
    /// How many changes had been made when the last notice that arrived was sent.
    heard: usize,
    look_ups: VecDeque<(Option<Ticket>, u32)>,
    wire: VecDeque<(usize, Message)>,
    cut: bool,
}

impl World {
    fn new() -> Self {
        let now = Instant::now();
        let (changes, look_ups, wire) = (Vec::new(), VecDeque::new(), VecDeque::new());
        Self { memory: Memory::new(), now, changes, heard: 0, look_ups, wire, cut: false }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Wait(millis) => self.now += Duration::from_millis(*millis),
            Step::Change => {
                self.changes.push(self.now);
                self.send(Message::Notice);
            }
            Step::Begin => self.look_ups.push_back((self.memory.ticket(self.now), self.changes.len() as u32)),
            Step::End => {
                if let Some((Some(ticket), value)) = self.look_ups.pop_front() {
                    self.memory.keep(ticket, (), value);
                }
            }
            Step::Ask => self.send(Message::Proof(self.now)),
            Step::Arrive => match self.wire.pop_front() {
                Some((sent, Message::Notice)) => {
                    self.heard = sent;
                    self.memory.forget_all();
                }
                Some((_, Message::Proof(asked))) => self.memory.prove(asked),
                None => {}
            },
            Step::Cut => {
                self.cut = true;
                self.wire.clear();
            }
            Step::FindOut => {
                self.memory.distrust();
                self.wire.clear();
                self.cut = false;
            }
        }
    }

    fn send(&mut self, message: Message) {
        if !self.cut {
            self.wire.push_back((self.changes.len(), message));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_old_value_is_never_said_after_its_change_was_heard_nor_long_after_it_was_made(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            let Some(said) = world.memory.get(&(), world.now) else { continue };
            let said = said as usize;
            prop_assert!(said >= world.heard, "a change that was heard of is not known");
            if let Some(changed) = world.changes.get(said) {
                prop_assert!(world.now - *changed < TRUST, "a change is not known {:?} after it", world.now - *changed);
            }
        }
    }
}

#[test]
fn what_is_kept_is_used_while_changes_are_heard() {
    let memory = Memory::new();
    let start = Instant::now();
    assert!(memory.ticket(start).is_none(), "before the first proof nothing is kept");
    memory.prove(start);
    memory.keep(memory.ticket(start).unwrap(), "key", 1);
    assert_eq!(memory.get(&"key", start + TRUST / 2), Some(1));
    assert_eq!(memory.get(&"key", start + TRUST), None, "the proof is too old");
    memory.prove(start + TRUST);
    assert_eq!(memory.get(&"key", start + TRUST), Some(1), "nothing has changed, and that is certain again");
    memory.forget(&"other");
    assert_eq!(memory.get(&"key", start + TRUST), Some(1));
    memory.forget(&"key");
    assert_eq!(memory.get(&"key", start + TRUST), None);
}
