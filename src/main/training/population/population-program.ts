import type { Engine, EvaluationProgram, StateTensor, TrainingProgram } from '../../engine/engine.ts';
import type { PreparedRun } from '../prepare-run.ts';
import { EpochTables, type EpochSpan } from './epoch-tables.ts';
import { executorOf } from './numbers.ts';
import type { PopulationRule } from './population-rule.ts';
import { stackStates, takeState } from './population-state.ts';
import { createPopulation } from './population-step.ts';

export interface PopulationProgramOptions {
  readonly engine: Engine;
  readonly rule: PopulationRule;
  /** A net for each place, as it begins; all of one key. */
  readonly members: readonly PreparedRun[];
  readonly states: readonly (readonly StateTensor[])[];
}

/** A compiled population: places for so many nets, which may be given to others of the key and the same seeds. */
export class PopulationProgram {
  readonly #rule: PopulationRule;
  readonly #program: TrainingProgram;
  readonly #evaluation: EvaluationProgram | null;
  #members: readonly PreparedRun[];

  private constructor(
    rule: PopulationRule,
    program: TrainingProgram,
    evaluation: EvaluationProgram | null,
    members: readonly PreparedRun[],
  ) {
    this.#rule = rule;
    this.#program = program;
    this.#evaluation = evaluation;
    this.#members = members;
  }

  /** The caller disposes of it. */
  static async open({ engine, rule, members, states }: PopulationProgramOptions) {
    const [like] = members as readonly [PreparedRun, ...PreparedRun[]];
    const { step, evaluation } = createPopulation({
      like,
      seeds: members.map(({ seed }) => seed),
      rule,
      state: stackStates(states),
    });
    const program = await engine.createTrainingProgram(step, {
      batchSize: like.experiment.training.batchSize * members.length,
      plannedSteps: like.stepsPerEpoch * like.experiment.training.epochs,
      hasConvolutions: false,
      ...(engine.info.kind === 'tensorflow' ? { executor: executorOf(like) } : {}),
    });
    const devCount = like.split.dev.length;
    const measuring =
      devCount === 0
        ? null
        : await engine.createEvaluationProgram(evaluation, program, devCount * members.length);
    return new PopulationProgram(rule, program, measuring, members);
  }

  /** Gives the places to other nets. */
  async seat(members: readonly PreparedRun[], states: readonly (readonly StateTensor[])[]): Promise<void> {
    this.#members = members;
    await this.#program.writeState(stackStates(states));
  }

  /** What each net has become, by place. */
  async readStates(): Promise<StateTensor[][]> {
    const state = await this.#program.readState();
    return this.#members.map((_, place) => takeState(state, place));
  }

  /**
   * Trains all nets from one epoch to another.
   * @returns each net's mean training loss of the last epoch
   */
  async train(span: EpochSpan, onSteps: (steps: number) => void): Promise<Float64Array> {
    const tables = new EpochTables(this.#members, span, this.#rule.scalars);
    const members = this.#members.length;
    const lastEpoch = tables.steps - this.#stepsPerEpoch;
    const sums = new Float64Array(members);
    for (let done = 0; done < tables.steps;) {
      const steps = Math.min(this.#program.stepsPerCall, tables.steps - done);
      const losses = await this.#program.run(tables.call(done, steps));
      for (let step = Math.max(0, lastEpoch - done); step < steps; step++) {
        const rows = tables.rows[done + step]!;
        for (let member = 0; member < members; member++) {
          sums[member]! += losses[step * members + member]! * rows;
        }
      }
      done += steps;
      onSteps(steps);
    }
    const seen = tables.rows.subarray(lastEpoch).reduce((sum, rows) => sum + rows, 0);
    return sums.map((sum) => sum / seen);
  }

  get #stepsPerEpoch(): number {
    return this.#members[0]!.stepsPerEpoch;
  }

  /** The measures of every net on its own dev part; empty without one. */
  async measureDev(): Promise<number[][]> {
    const members = this.#members;
    if (this.#evaluation === null) return members.map(() => []);
    const rows = members[0]!.split.dev.length;
    const indices = new Int32Array(rows * members.length);
    members.forEach(({ split }, place) => indices.set(split.dev, place * rows));
    const sums = await this.#evaluation.run(indices);
    const { measures } = members[0]!;
    return members.map((_, place) =>
      measures.map((measure, at) => measure.finish(sums[at * members.length + place]! / rows)),
    );
  }

  dispose(): void {
    this.#evaluation?.dispose();
    this.#program.dispose();
  }
}
