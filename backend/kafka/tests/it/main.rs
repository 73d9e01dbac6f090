//! Every record exactly once: against librdkafka's mock brokers, fast and faulty, and against a real Apache Kafka.

mod alone;
mod brokers;
mod group;
mod loader;
mod producer;
mod real;
mod real_group;
mod real_topic;
mod warehouse;
