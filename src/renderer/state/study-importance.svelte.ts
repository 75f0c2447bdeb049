import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { Importance } from '../../shared/schema/study.ts';
import { asError } from './run-results-loader.svelte.ts';

/** Asked again when so many more trials, as a share of those before, have a value. */
const GROWTH = 0.1;

/** Of one parameter, by both methods; null where a method has not answered. */
export interface ParameterImportance {
  readonly name: string;
  readonly fanova: number | null;
  readonly meanDifference: number | null;
}

/** How much each parameter of a study matters, asked anew as its trials grow. */
export class StudyImportance {
  fanova = $state.raw<Importance | null>(null);
  meanDifference = $state.raw<Importance | null>(null);
  /** What the studio said where it could not tell, e.g. that it needs more trials. */
  fault = $state.raw<string | null>(null);
  readonly #client: StudioClient;
  readonly #studyId: string;
  /** Trials with a value when it was asked last. */
  #askedAt = 0;
  /** Trials with a value as heard of last. */
  #ended = 0;
  #busy = false;

  constructor(client: StudioClient, studyId: string) {
    this.#client = client;
    this.#studyId = studyId;
  }

  /** Parameters, the most important by fANOVA first. */
  get parameters(): readonly ParameterImportance[] {
    const shareIn = (of: Importance | null, name: string) =>
      of?.parameters.find((parameter) => parameter.name === name)?.share ?? null;
    const names = (this.fanova ?? this.meanDifference)?.parameters.map(({ name }) => name) ?? [];
    return names.map((name) => ({
      name,
      fanova: shareIn(this.fanova, name),
      meanDifference: shareIn(this.meanDifference, name),
    }));
  }

  /** Asks where there is more to learn than the last time. @param ended trials that have a value */
  async ask(ended: number): Promise<void> {
    this.#ended = ended;
    if (this.#busy) return;
    this.#busy = true;
    while (
      this.#ended >= 2 &&
      this.#ended !== this.#askedAt &&
      this.#ended - this.#askedAt >= this.#askedAt * GROWTH
    )
      await this.#askNow();
    this.#busy = false;
  }

  /** Asks for the last trials too, once no more will come. */
  async askLast(ended: number): Promise<void> {
    if (ended !== this.#askedAt) this.#askedAt = 0;
    return this.ask(ended);
  }

  async #askNow(): Promise<void> {
    this.#askedAt = this.#ended;
    const read = (method: Importance['method']) =>
      this.#client.invoke('studies.importance', { studyId: this.#studyId, method });
    const [fanova, meanDifference] = await Promise.allSettled([read('fanova'), read('mean-difference')]);
    if (fanova.status === 'fulfilled') this.fanova = fanova.value;
    if (meanDifference.status === 'fulfilled') this.meanDifference = meanDifference.value;
    const failed = [fanova, meanDifference].find((result) => result.status === 'rejected');
    this.fault = failed === undefined ? null : asError(failed.reason).message;
  }
}
