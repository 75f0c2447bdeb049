/**
 * Schema version 2: which experiment of the gallery and which variant of it a run was made from, its root mean squared
 * errors, and the file of its fitted preparation.
 */
export const experimentColumns = `
ALTER TABLE run ADD COLUMN experiment_id TEXT;
ALTER TABLE run ADD COLUMN variant TEXT;
ALTER TABLE run ADD COLUMN train_error REAL;
ALTER TABLE run ADD COLUMN dev_error REAL;
ALTER TABLE run ADD COLUMN test_error REAL;
ALTER TABLE run_definition ADD COLUMN preprocessing TEXT;
CREATE INDEX run_by_gallery ON run (experiment_id, variant, seed) WHERE experiment_id IS NOT NULL;
`;
