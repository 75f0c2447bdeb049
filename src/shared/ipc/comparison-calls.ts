import { z } from 'zod';
import {
  comparedRuns,
  comparedSeries,
  groupComparison,
  measuredAt,
  pairComparison,
} from '../schema/comparison.ts';
import { splitName } from '../schema/dataset.ts';
import {
  exportedFile,
  figureFormat,
  figureSpec,
  modelFormat,
  namedFigure,
  namedTable,
  printOptions,
  tableFormat,
  tableSpec,
} from '../schema/figure.ts';
import { netRef } from '../schema/inspection.ts';
import { seriesName } from '../schema/metric.ts';
import { runId } from '../schema/run.ts';
import { studyId } from '../schema/study.ts';
import { invoke } from './derive.ts';

/** The calls that compare runs, and that give figures, tables, nets and runs to other programs. */
export const comparisonCalls = {
  'compare.runs': invoke(z.strictObject({ runIds: z.array(runId).min(1).max(1_000) }), comparedRuns),
  'compare.series': invoke(
    z.strictObject({
      runIds: z.array(runId).min(1).max(1_000),
      curves: z
        .array(z.strictObject({ split: splitName, metric: seriesName }))
        .min(1)
        .max(12),
    }),
    z.array(comparedSeries),
  ),
  /** Grouped by everything but the seed, and every pair of groups tested over the seeds they share. */
  'compare.groups': invoke(
    z.strictObject({
      runIds: z.array(runId).min(1).max(1_000),
      split: splitName,
      metric: seriesName,
      at: measuredAt.default('last'),
    }),
    groupComparison,
  ),
  'compare.pair': invoke(
    z.strictObject({ a: netRef, b: netRef, split: splitName, head: z.string().nullable().default(null) }),
    pairComparison,
  ),

  /** Draws a figure for print; CSV writes its numbers. */
  'figures.render': invoke(
    z.strictObject({
      figure: figureSpec,
      name: z.string(),
      format: figureFormat,
      options: printOptions.prefault({}),
    }),
    exportedFile,
  ),
  'tables.render': invoke(
    z.strictObject({ table: tableSpec, name: z.string(), format: tableFormat }),
    exportedFile,
  ),
  /** The figures and tables of an experiment's report, from its stored runs. */
  'experiments.figures': invoke(
    z.strictObject({ id: z.string() }),
    z.strictObject({
      figures: z.array(namedFigure),
      tables: z.array(namedTable),
      /** What could not be made of these runs, and why. */
      missing: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
    }),
  ),
  /** All of them in one zip: figures in each format, tables in all of theirs. */
  'experiments.exportFigures': invoke(
    z.strictObject({
      id: z.string(),
      formats: z.array(figureFormat).min(1),
      options: printOptions.prefault({}),
    }),
    exportedFile,
  ),
  /** A trained model for other programs; more than one file comes as a zip where `zip` is set. */
  'runs.exportModel': invoke(
    z.strictObject({ net: netRef, format: modelFormat, zip: z.boolean().default(true) }),
    z.array(exportedFile).min(1),
  ),
  /**
   * Runs with their files, and studies with the runs that opened their test part, as one archive, which another studio
   * takes in by `runs.importArchive`. Written to `path`, or given as bytes where that is null.
   */
  'runs.exportArchive': invoke(
    z.strictObject({
      runIds: z.array(runId).default([]),
      studyIds: z.array(studyId).default([]),
      checkpoints: z.enum(['all', 'best-and-last']).default('best-and-last'),
      path: z.string().nullable().default(null),
    }),
    z.strictObject({ file: exportedFile.nullable(), sizeBytes: z.number().nonnegative() }),
  ),
  'runs.importArchive': invoke(
    z.strictObject({ path: z.string() }),
    z.strictObject({
      runIds: z.array(runId),
      studyIds: z.array(studyId),
      /** Runs and studies that were here already. */
      skipped: z.array(z.union([runId, studyId])),
    }),
  ),
} as const;
