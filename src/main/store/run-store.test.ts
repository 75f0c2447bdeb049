import BetterSqlite3 from 'better-sqlite3';
import { MemoryRunStore } from './memory-run-store.ts';
import type { StoreSurroundings } from './owner.ts';
import { describeRunRecords } from './run-records-contract.ts';
import { describeRunStore } from './run-store-contract.ts';
import { describeRunSearch } from './run-store-search-contract.ts';
import { configureConnection, migrate } from './schema.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';

function createMemoryStore(surroundings: StoreSurroundings): MemoryRunStore {
  return new MemoryRunStore(surroundings);
}

function createSqliteStore(surroundings: StoreSurroundings): SqliteRunStore {
  const database = new BetterSqlite3(':memory:');
  configureConnection(database);
  migrate(database);
  return new SqliteRunStore(database, surroundings);
}

describeRunStore('memory', createMemoryStore);
describeRunStore('SQLite', createSqliteStore);
describeRunSearch('memory', createMemoryStore);
describeRunSearch('SQLite', createSqliteStore);
describeRunRecords('memory', createMemoryStore);
describeRunRecords('SQLite', createSqliteStore);
