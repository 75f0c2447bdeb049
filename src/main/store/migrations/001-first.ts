/**
 * Schema version 1. `run` holds what lists show, in small rows that scan fast; `run_definition` the large texts that
 * only one run's page needs. `number` keeps the million rows of `metric` small. Times of day are ISO 8601 texts,
 * `heartbeat_at_ms` is milliseconds since 1970, structured columns are JSON.
 */
export const firstSchema = `
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  dataset TEXT NOT NULL,
  experiment_group TEXT NOT NULL,
  experiment_sha256 TEXT NOT NULL,
  seed INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'running', 'paused', 'finished', 'failed', 'cancelled', 'crashed')),
  epochs_done INTEGER NOT NULL DEFAULT 0,
  epochs_planned INTEGER NOT NULL,
  train_loss REAL,
  dev_loss REAL,
  test_loss REAL,
  train_accuracy REAL,
  dev_accuracy REAL,
  test_accuracy REAL,
  sparkline TEXT NOT NULL,
  engine_kind TEXT,
  duration_ms REAL NOT NULL DEFAULT 0,
  examples_per_second REAL,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  notes TEXT NOT NULL DEFAULT '',
  failure TEXT,
  deleted_at TEXT,
  owner_pid INTEGER NOT NULL,
  heartbeat_at_ms INTEGER NOT NULL,
  search_text TEXT NOT NULL
);
CREATE INDEX run_by_creation ON run (created_at DESC, id DESC);
CREATE INDEX run_by_experiment ON run (experiment_sha256, created_at DESC);
CREATE INDEX run_live ON run (state) WHERE state IN ('queued', 'running', 'paused');

CREATE TABLE run_definition (
  run_number INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  experiment TEXT NOT NULL,
  model TEXT NOT NULL,
  provenance TEXT
);

CREATE TABLE epoch (
  run_number INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  examples_per_second REAL NOT NULL,
  checkpoint TEXT,
  best INTEGER NOT NULL CHECK (best IN (0, 1)),
  PRIMARY KEY (run_number, epoch)
) WITHOUT ROWID;

CREATE TABLE pause_point (
  run_number INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  step INTEGER NOT NULL,
  checkpoint TEXT NOT NULL
);

CREATE TABLE metric (
  run_number INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  split TEXT NOT NULL,
  metric TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (run_number, split, metric, step)
) WITHOUT ROWID;

CREATE TABLE log_line (
  number INTEGER PRIMARY KEY,
  run_number INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  at TEXT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX log_line_by_run ON log_line (run_number, number);

CREATE TABLE revision (value INTEGER NOT NULL);
INSERT INTO revision VALUES (0);
`;
