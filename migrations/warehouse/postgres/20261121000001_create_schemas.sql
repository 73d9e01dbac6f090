-- What arrived, what it means, and what is read.
CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS mart;
COMMENT ON SCHEMA raw IS 'What arrived: positions of the sources, the ledger of loads, the quarantine, the marks of days to recompute.';
COMMENT ON SCHEMA core IS 'Cleaned and typed: the dimensions and the events.';
COMMENT ON SCHEMA mart IS 'The rollups and the documented views that analysts, BI tools and the engine read.';
