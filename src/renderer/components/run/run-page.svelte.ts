import { untrack } from 'svelte';
import type { VariantResults } from '../../../shared/schema/results.ts';
import type { RunDetail, RunSummary } from '../../../shared/schema/run.ts';
import { runColour } from '../../charts/palette.ts';
import { groupCurves, ratesChange } from '../../charts/series-groups.ts';
import type { InspectState } from '../../state/inspect.svelte.ts';
import type { LiveRun } from '../../state/live-run.svelte.ts';
import { partOf } from '../../state/run-results-examples.ts';
import { Latest } from '../../state/run-results-loader.svelte.ts';
import { RunResultsState } from '../../state/run-results.svelte.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import { insidePanelIds, insidePanels } from '../inspect/layers.ts';
import { hasSpread } from '../results/variant-rows.ts';
import { resultPanelIds, resultPanels } from '../results/which-panels.ts';

/** A run as its panels see it: what is stored of it, what its nets say, and which panels it has. */
export class RunPage {
  readonly live: LiveRun;
  readonly detail: RunDetail;
  readonly results: RunResultsState;
  readonly inspect: InspectState;
  readonly variants = new Latest<VariantResults[]>();
  readonly panels: ReturnType<typeof resultPanels>;
  readonly #studio: Studio;
  /** Of the panels that look inside the net. */
  readonly insideIds: readonly string[];

  /** @param detail of the live run; its experiment and model never change */
  constructor(studio: Studio, live: LiveRun, detail: RunDetail, inspect: InspectState) {
    this.#studio = studio;
    this.live = live;
    this.detail = detail;
    this.inspect = inspect;
    this.panels = resultPanels(detail);
    const busy = () => studio.queue.items.some(({ run }) => run.state === 'running');
    this.results = new RunResultsState(studio.client, live.runId, detail.experiment, { busy });
    const hasLayers = this.panels.histograms;
    this.insideIds = hasLayers ? insidePanelIds(insidePanels(detail.model)) : [];
  }

  get summary(): RunSummary {
    return this.live.summary ?? this.detail.summary;
  }

  get theme() {
    return this.#studio.settings.theme;
  }

  get colour(): string {
    return runColour(this.live.runId, this.theme);
  }

  get isLab(): boolean {
    return this.detail.experiment.lab !== null;
  }

  /** Trains by epochs, unlike a lab or a support vector machine, which are done at once. */
  get byEpochs(): boolean {
    return !this.isLab && this.detail.experiment.svm === null;
  }

  readonly metrics = $derived.by(() =>
    this.live.metrics.filter(
      (metric) => metric !== 'learning-rate' || ratesChange(this.detail.experiment.training),
    ),
  );

  readonly series = $derived.by(() => {
    void this.live.revision;
    return this.metrics.flatMap((metric) => this.live.seriesOf(metric));
  });

  readonly curves = $derived.by(() => (this.byEpochs || this.isLab ? groupCurves(this.metrics) : []));

  readonly compared = $derived.by(() => {
    const { value } = this.variants;
    return value !== null && hasSpread(value) ? value : null;
  });

  /** The epoch that curves mark; null while the slider stands nowhere. */
  readonly cursor = $derived.by(() =>
    this.panels.predictions && this.results.active && this.byEpochs ? this.results.epoch : null,
  );

  /** The panels there are, in their natural order; by its text, so that a new epoch's answer moves nothing. */
  readonly #idText = $derived.by(() => {
    const result = this.results.head?.result ?? null;
    return [
      ...this.curves.map((group) => `curve-${group.metric}`),
      ...(this.panels.predictions ? resultPanelIds(this.panels, result) : []),
      ...this.insideIds,
      ...(this.panels.histograms ? ['histograms'] : []),
      ...(this.compared === null ? [] : ['variants']),
      ...(this.byEpochs ? ['epochs'] : []),
      'log',
      'notes',
    ].join('\n');
  });
  readonly ids = $derived(this.#idText.split('\n'));

  /** Reads the other runs of its experiment, to compare with. */
  readVariants(): void {
    const { experimentId: id, state, finishedAt } = this.summary;
    // Without an answer (the experiment is gone from the gallery) there is nothing to compare with, and no panel.
    if (id === null) return;
    this.variants.ask(`${id} ${state} ${finishedAt ?? ''}`, () =>
      this.#studio.client.invoke('experiments.results', { id }),
    );
  }
}

/** Keeps a page's results, and the examples that can be walked through, with its run. For a component's start. */
export function followRun(page: RunPage): void {
  $effect(() => {
    const [epochs, state] = [page.live.epochs, page.summary.state];
    untrack(() => page.results.setRun(epochs, state));
  });
  $effect(() => {
    void [page.summary.state, page.summary.finishedAt];
    untrack(() => page.readVariants());
  });
  $effect(() => {
    const { value } = page.results.predictions;
    const rows = value?.heads[0]?.result.rows;
    if (value !== null && rows !== undefined) untrack(() => page.inspect.setRows(partOf(value.split), rows));
  });
  $effect(() => () => page.results.stop());
}
