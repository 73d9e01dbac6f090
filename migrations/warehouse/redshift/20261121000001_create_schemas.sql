-- Redshift reserves the word raw, so it is always quoted. What is commented on is the same; the comments are PostgreSQL's.
CREATE SCHEMA IF NOT EXISTS "raw";
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS mart;
