/**
 * Schema version 3: studies. A study's counts are kept in its row and change with each result; `fold` is written once
 * for each net. Structured columns are JSON.
 */
export const studyTables = `
CREATE TABLE study (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  experiment_id TEXT,
  dataset TEXT NOT NULL,
  experiment TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'finished', 'cancelled', 'failed', 'crashed')),
  seed INTEGER NOT NULL,
  minimise INTEGER NOT NULL CHECK (minimise IN (0, 1)),
  trials_planned INTEGER NOT NULL,
  nets_per_trial INTEGER NOT NULL,
  trials_done INTEGER NOT NULL DEFAULT 0,
  trials_pruned INTEGER NOT NULL DEFAULT 0,
  trials_failed INTEGER NOT NULL DEFAULT 0,
  nets_done INTEGER NOT NULL DEFAULT 0,
  epochs_done INTEGER NOT NULL DEFAULT 0,
  best_trial INTEGER,
  best_value REAL,
  duration_ms REAL NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  failure TEXT,
  deleted_at TEXT,
  owner_pid INTEGER NOT NULL,
  heartbeat_at_ms INTEGER NOT NULL
);

CREATE TABLE trial (
  study_number INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  number INTEGER NOT NULL,
  point TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'finished', 'pruned', 'failed')),
  "values" TEXT NOT NULL DEFAULT '[]',
  standard_error REAL,
  nets_done INTEGER NOT NULL DEFAULT 0,
  epochs INTEGER NOT NULL DEFAULT 0,
  started_at_ms REAL,
  ended_at_ms REAL,
  failure TEXT,
  PRIMARY KEY (study_number, number)
) WITHOUT ROWID;

CREATE TABLE fold (
  study_number INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  trial INTEGER NOT NULL,
  repeat INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('finished', 'pruned', 'failed')),
  epochs INTEGER NOT NULL,
  "values" TEXT NOT NULL,
  curve TEXT NOT NULL,
  duration_ms REAL NOT NULL,
  failure TEXT,
  PRIMARY KEY (study_number, trial, repeat, fold, seed)
) WITHOUT ROWID;

CREATE TABLE test_opening (
  number INTEGER PRIMARY KEY,
  study_number INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  at TEXT NOT NULL,
  trial INTEGER NOT NULL,
  run_ids TEXT NOT NULL
);
CREATE INDEX test_opening_by_study ON test_opening (study_number, number);
`;
