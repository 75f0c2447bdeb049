import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { RunDetail } from '../../shared/schema/run.ts';
import type { RunStore } from './run-store.ts';

function pointsOf({ series }: RunDetail): MetricPoint[] {
  return series.flatMap(({ split, metric, epochs, steps, values }) =>
    values.map((value, at) => ({ split, metric, epoch: epochs[at] ?? 0, step: steps[at] ?? 0, value })),
  );
}

/** Leads a new run of a store through everything that an ended one went through; the times are those of now. */
export function replayRun(store: RunStore, run: RunDetail): void {
  const { summary, experiment, model, provenance, preprocessing, epochs, log } = run;
  const { id, experimentSha256, seed, experimentId, variant, name, notes, tags } = summary;
  const definition = { id, experiment, experimentSha256, model, seed, experimentId, variant };
  store.createRun({ ...definition, ownerPid: process.pid });
  store.setState(id, 'running');
  if (provenance !== null) store.setProvenance(id, provenance);
  if (preprocessing !== null) store.setPreprocessing(id, preprocessing);
  const points = pointsOf(run);
  let durationMs = 0;
  for (const epoch of epochs) {
    durationMs += epoch.durationMs;
    const measured = points.filter((point) => point.epoch === epoch.epoch);
    store.appendEpoch(id, { epoch, points: measured, durationMs });
  }
  const known = new Set(epochs.map(({ epoch }) => epoch));
  store.appendFinalPoints(
    id,
    points.filter((point) => !known.has(point.epoch)),
  );
  store.appendLog(id, log);
  store.annotate(id, { name, notes, tags });
  const failure = summary.failure === null ? {} : { failure: summary.failure };
  store.setState(id, summary.state, { ...failure, durationMs: summary.durationMs });
}
