import { unpackTrials } from '../../shared/experiment/trial-table.ts';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { StudyDetail, StudyProgress, StudySummary, TrialSummary } from '../../shared/schema/study.ts';
import { Gathering } from './gathering.ts';
import { asError } from './run-results-loader.svelte.ts';
import { objectivesOf } from './study-axes.ts';
import { isStudyLive } from './study-actions.ts';
import { StudyColumns } from './study-columns.ts';

/** Trials of one answer. */
const PAGE = 5_000;

/**
 * One study as it is and as it goes on. Events are gathered and shown at most four times a second; those that arrive
 * while the trials are being read are put in after them, so that none is missed.
 */
export class LiveStudy {
  summary = $state.raw<StudySummary | null>(null);
  detail = $state.raw<StudyDetail | null>(null);
  progress = $state.raw<StudyProgress | null>(null);
  /** The trials, which grow in place; null until they have been read. */
  columns = $state.raw<StudyColumns | null>(null);
  /** Moves when trials came or changed. */
  revision = $state(0);
  error = $state.raw<Error | null>(null);

  readonly studyId: string;
  readonly #client: StudioClient;
  #newTrials: TrialSummary[] = [];
  #newProgress: StudyProgress | null = null;
  #newSummary: StudySummary | null = null;
  readonly #gathering = new Gathering(() => this.#flush());
  /** What came while the trials are being read, which may be newer than the answer; null at other times. */
  #meanwhile: TrialSummary[] | null = null;
  /** Counts starts and stops: what was asked before the last of them is not for now. */
  #turn = 0;

  /** @param known what a list already says of the study, shown until it has been read */
  constructor(client: StudioClient, studyId: string, known: StudySummary | null = null) {
    this.#client = client;
    this.studyId = studyId;
    this.summary = known;
  }

  /**
   * Listens, then reads, so that nothing falls between; returns the function that stops. May be started again, as after
   * each break of the link.
   */
  start(): () => void {
    this.#turn++;
    const stops = [
      this.#client.subscribe('study.changed', (study) => {
        if (study.id === this.studyId) this.#take(() => (this.#newSummary = study));
      }),
      this.#client.subscribe('study.progress', (progress) => {
        if (progress.studyId === this.studyId) this.#take(() => (this.#newProgress = progress));
      }),
      this.#client.subscribe('study.trials', (event) => {
        if (event.studyId !== this.studyId) return;
        this.#meanwhile?.push(...event.trials);
        this.#take(() => this.#newTrials.push(...event.trials));
      }),
      this.#client.subscribe('runs.invalidated', () => void this.load()),
    ];
    void this.load();
    return () => {
      this.#turn++;
      this.#gathering.stop();
      stops.forEach((stop) => stop());
    };
  }

  /** Reads the study and its trials. */
  async load(): Promise<void> {
    const turn = this.#turn;
    const { studyId } = this;
    this.#meanwhile = [];
    try {
      const [detail, first] = await Promise.all([
        this.#client.invoke('studies.get', { studyId }),
        this.#page(0),
      ]);
      if (this.#turn !== turn) return;
      this.#reset(detail, first);
      await this.#readOn(first, turn);
    } catch (error) {
      if (this.#turn !== turn) return;
      this.error = asError(error);
    }
  }

  async #page(from: number): Promise<TrialSummary[]> {
    const { studyId } = this;
    return unpackTrials(await this.#client.invoke('studies.trials', { studyId, from, limit: PAGE }));
  }

  async #readOn(first: readonly TrialSummary[], turn: number): Promise<void> {
    let page = first;
    while (page.length === PAGE) {
      const from = page.at(-1)!.number + 1;
      page = await this.#page(from);
      if (this.#turn !== turn) return;
      this.columns?.put(page);
      this.revision++;
    }
  }

  #reset(detail: StudyDetail, trials: readonly TrialSummary[]): void {
    const { search } = detail.experiment;
    if (search === null) throw new Error('This study has no search: it cannot be shown.');
    this.detail = detail;
    this.summary = detail.summary;
    const columns = new StudyColumns(search.parameters, objectivesOf(search).length);
    columns.put(trials);
    columns.put(
      (this.#meanwhile ?? []).filter((trial) => trial.netsDone >= (columns.row(trial.number)?.netsDone ?? 0)),
    );
    this.#meanwhile = null;
    this.columns = columns;
    this.error = null;
    if (!isStudyLive(detail.summary.state)) this.progress = null;
    this.revision++;
  }

  #take(keep: () => void): void {
    keep();
    this.#gathering.ask();
  }

  #flush(): void {
    // Nothing to add to until the trials have been read; what came is shown with them.
    if (this.columns === null) return this.#gathering.ask();
    if (this.#newTrials.length > 0) {
      this.columns.put(this.#newTrials);
      this.#newTrials = [];
      this.revision++;
    }
    if (this.#newProgress !== null) this.progress = this.#newProgress;
    this.#newProgress = null;
    this.#showSummary();
  }

  #showSummary(): void {
    const summary = this.#newSummary;
    this.#newSummary = null;
    if (summary === null) return;
    const moved = summary.state !== this.summary?.state || summary.testOpenings !== this.summary.testOpenings;
    this.summary = summary;
    if (!isStudyLive(summary.state)) this.progress = null;
    // What the test part said and trials that ended with the study come in no event of their own.
    if (moved) void this.load();
  }
}
