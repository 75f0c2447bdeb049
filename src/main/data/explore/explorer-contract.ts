import { z } from 'zod';
import {
  invoke,
  notify,
  type CallName,
  type CallParams,
  type CallResult,
} from '../../../shared/ipc/derive.ts';
import {
  datasetStatistics,
  duplicates,
  exploredData,
  projection,
  projectionMethod,
  taskProgress,
} from '../../../shared/schema/explore.ts';

const explored = { datasetDirectory: z.string(), ...exploredData.shape };

/** What an explorer process computes for the studio, one call at a time. */
export const explorerContract = {
  statistics: invoke(z.strictObject(explored), datasetStatistics),
  projection: invoke(
    z.strictObject({ ...explored, method: projectionMethod, examples: z.int().positive() }),
    projection,
  ),
  duplicates: invoke(z.strictObject({ ...explored, threshold: z.number() }), duplicates),
  /** How far the call under way is. */
  progress: notify(taskProgress.pick({ done: true, total: true, unit: true })),
} as const;

export type ExplorerContract = typeof explorerContract;
export type ExplorerCall = CallName<ExplorerContract>;
export type ExplorerParams<K extends ExplorerCall> = CallParams<ExplorerContract, K>;
export type ExplorerResult<K extends ExplorerCall> = CallResult<ExplorerContract, K>;
