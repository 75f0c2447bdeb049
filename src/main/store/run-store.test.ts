import BetterSqlite3 from 'better-sqlite3';
import { describeRunStore } from './run-store-contract.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { configureConnection, migrate } from './schema.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';

describeRunStore('memory', (surroundings) => new MemoryRunStore(surroundings));
describeRunStore('SQLite', (surroundings) => {
  const database = new BetterSqlite3(':memory:');
  configureConnection(database);
  migrate(database);
  return new SqliteRunStore(database, surroundings);
});
