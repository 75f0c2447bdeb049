import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { RunDetail, RunSummary } from '../../shared/schema/run.ts';
import { formatShape } from '../text/format.ts';
import type { PictureShape } from './pad-picture.ts';
import { asError } from './run-results-loader.svelte.ts';

/** Nets side by side; more would leave none of them room. */
export const MOST_NETS = 4;
/** Runs of the history looked through for nets. */
const MOST_RUNS = 1_000;

/** A net on the pad. */
export interface PadNet {
  readonly detail: RunDetail;
  /** Whose maps are shown; null for none. */
  readonly layer: string | null;
}

/** A run that cannot be on the pad, and why. */
export interface RefusedNet {
  readonly runId: string;
  readonly name: string;
  readonly reason: string;
}

type Datasets = readonly DatasetInfo[];

function namesClasses({ experiment }: RunDetail, datasets: Datasets): boolean {
  const info = datasets.find(({ id }) => id === experiment.data.dataset);
  if (info === undefined) return true;
  const targets = experiment.model.heads.map(({ target }) => target);
  const judged = targets.length === 0 ? info.targets.slice(0, 1) : info.targets;
  return judged.some(
    ({ name, kind }) => kind === 'class' && (targets.length === 0 || targets.includes(name)),
  );
}

/**
 * Why a run cannot answer a drawing; null where it can.
 * @param first shape that the nets on the pad read; null for none yet
 */
export function refusalOf(
  run: RunDetail,
  first: readonly number[] | null,
  datasets: Datasets,
): string | null {
  const { experiment, summary } = run;
  const shape = run.model.inputShape;
  if (experiment.lab !== null) return 'it measures and trains no net';
  if (experiment.svm !== null) return 'it is a support vector machine, no net';
  if (summary.state !== 'finished') return `it is ${summary.state}; only finished runs are loaded`;
  if (shape.length !== 3) return `it reads rows of ${formatShape(shape)} numbers, not images`;
  if (shape[2] !== 1 && shape[2] !== 3) return `its images have ${shape[2] ?? 0} channels, not 1 or 3`;
  if (!namesClasses(run, datasets)) return 'it predicts numbers and names no classes';
  if (first !== null && shape.join() !== first.join())
    return `it reads images of ${formatShape(shape)}, those on the pad read ${formatShape(first)}`;
  return null;
}

/** The layer whose maps are shown at first: that of the first convolution, else the first with weights. */
export function firstLayer({ model }: RunDetail): string | null {
  const named =
    model.layers.find(({ kind }) => kind === 'conv2d') ??
    model.layers.find(({ parameterCount }) => parameterCount > 0);
  return named?.name ?? null;
}

/** The nets on the pad, and the runs that may come to it. */
export class PadNets {
  nets = $state.raw<readonly PadNet[]>([]);
  refused = $state.raw<readonly RefusedNet[]>([]);
  candidates = $state.raw<readonly RunSummary[] | null>(null);
  error = $state.raw<Error | null>(null);
  loading = $state(false);
  readonly shape = $derived<PictureShape | null>(shapeOf(this.nets));

  readonly #client: StudioClient;
  #datasets: Datasets = [];
  #turn = 0;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Runs that are not on the pad and, as far as a list tells, may come to it. */
  get offered(): readonly RunSummary[] {
    const on = new Set(this.nets.map(({ detail }) => detail.summary.id));
    const shapes = new Map(this.#datasets.map(({ id, featureShape }) => [id, featureShape]));
    return (this.candidates ?? []).filter(({ id, dataset }) => {
      const shape = shapes.get(dataset) ?? [];
      const fits = this.shape === null || shape.join() === this.shape.join();
      return !on.has(id) && shape.length === 3 && fits;
    });
  }

  /** Reads the history's finished runs and what their datasets are. */
  async loadCandidates(): Promise<void> {
    try {
      await this.#readDatasets();
      const { runs } = await this.#client.invoke('runs.list', { states: ['finished'], limit: MOST_RUNS });
      this.candidates = runs;
      this.error = null;
    } catch (thrown) {
      this.error = asError(thrown);
    }
  }

  /** Puts these runs on the pad, in this order; keeps the layers chosen for those that were on it. */
  async choose(runIds: readonly string[]): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    // Without them a run that names no classes is refused by its net instead.
    if (runIds.length > 0) await this.#readDatasets().catch(() => undefined);
    const found = await Promise.all([...new Set(runIds)].map((runId) => this.#read(runId)));
    if (turn !== this.#turn) return;
    this.loading = false;
    this.#sort(found);
  }

  showLayer(runId: string, layer: string | null): void {
    this.nets = this.nets.map((net) => (net.detail.summary.id === runId ? { ...net, layer } : net));
  }

  async #readDatasets(): Promise<void> {
    const { datasets } = await this.#client.invoke('datasets.list', {});
    this.#datasets = datasets;
  }

  async #read(runId: string): Promise<RunDetail | RefusedNet> {
    const kept = this.nets.find(({ detail }) => detail.summary.id === runId);
    if (kept !== undefined) return kept.detail;
    try {
      return await this.#client.invoke('runs.get', { runId });
    } catch (thrown) {
      return { runId, name: runId, reason: asError(thrown).message };
    }
  }

  #sort(found: readonly (RunDetail | RefusedNet)[]): void {
    const nets: PadNet[] = [];
    const refused: RefusedNet[] = [];
    for (const run of found) {
      const refusal = 'reason' in run ? run : this.#refuse(run, nets);
      if (refusal !== null) refused.push(refusal);
      else if (!('reason' in run)) nets.push({ detail: run, layer: this.#layerOf(run) });
    }
    this.nets = nets;
    this.refused = refused;
  }

  #refuse(run: RunDetail, nets: readonly PadNet[]): RefusedNet | null {
    const full = nets.length >= MOST_NETS ? `the pad holds ${MOST_NETS} nets` : null;
    const reason = full ?? refusalOf(run, shapeOf(nets), this.#datasets);
    return reason === null ? null : { runId: run.summary.id, name: run.summary.name, reason };
  }

  #layerOf(run: RunDetail): string | null {
    const kept = this.nets.find(({ detail }) => detail.summary.id === run.summary.id);
    return kept === undefined ? firstLayer(run) : kept.layer;
  }
}

function shapeOf(nets: readonly PadNet[]): PictureShape | null {
  const [height, width, channels] = nets[0]?.detail.model.inputShape ?? [];
  if (height === undefined || width === undefined || channels === undefined) return null;
  return [height, width, channels];
}
