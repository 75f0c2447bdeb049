import BetterSqlite3 from 'better-sqlite3';
import type { StudioClient } from '../../../src/shared/ipc/contract.ts';
import type { EventPayload } from '../../../src/shared/ipc/derive.ts';
import type { Contract } from '../../../src/shared/ipc/contract.ts';
import type { RunDetail } from '../../../src/shared/schema/run.ts';

type EpochEvent = EventPayload<Contract, 'run.epoch'>;

/** What a door has been told is stored, over all lives of the studio. */
export class Acknowledged {
  readonly epochs = new Map<number, EpochEvent>();

  listenTo(client: StudioClient): void {
    client.subscribe('run.epoch', (event) => this.epochs.set(event.epoch.epoch, event));
  }

  /** Epochs or points that a door was told of and the history does not have, as sentences; none when all is well. */
  missingFrom(detail: RunDetail): string[] {
    return [...this.epochs.values()].flatMap(({ epoch, points }) => {
      const stored = detail.epochs.find((e) => e.epoch === epoch.epoch);
      if (stored === undefined) return [`epoch ${epoch.epoch} is missing`];
      if (stored.checkpoint?.sha256 !== epoch.checkpoint?.sha256) {
        return [`epoch ${epoch.epoch} has another checkpoint`];
      }
      return points
        .filter((point) => !Object.is(valueOf(detail, point.split, point.metric, epoch.epoch), point.value))
        .map((point) => `${point.split} ${point.metric} of epoch ${epoch.epoch} differs`);
    });
  }
}

function valueOf(detail: RunDetail, split: string, metric: string, epoch: number): number | null | undefined {
  const series = detail.series.find((s) => s.split === split && s.metric === metric);
  return series?.values[series.epochs.indexOf(epoch)];
}

/** Where two runs of one experiment and seed differ by as much as one bit, as sentences. */
export function differences(a: RunDetail, b: RunDetail): string[] {
  const texts = a.series.flatMap((series) => {
    const other = b.series.find((s) => s.split === series.split && s.metric === series.metric);
    if (other === undefined) return [`${series.split} ${series.metric} is missing`];
    const differing = series.values.findIndex((value, i) => !Object.is(value, other.values[i]));
    if (series.values.length !== other.values.length)
      return [`${series.split} ${series.metric} differs in length`];
    if (differing === -1) return [];
    const epoch = series.epochs[differing];
    return [
      `${series.split} ${series.metric} of epoch ${epoch}: ${series.values[differing]} against ${other.values[differing]}`,
    ];
  });
  return a.series.length === b.series.length ? texts : [...texts, 'the runs measured different things'];
}

/** SQLite's own full check of a history that may be in use: "ok", or what is wrong. */
export function integrityOf(databasePath: string): string {
  const database = new BetterSqlite3(databasePath, { readonly: true });
  try {
    return String(database.prepare<[], string>('PRAGMA integrity_check').pluck().get());
  } finally {
    database.close();
  }
}
