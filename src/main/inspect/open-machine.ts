import type { StateTensor } from '../engine/engine.ts';
import { predictSvm, restoreSvm, type SvmModel, type SvmPredictions } from '../training/svm/index.ts';
import type { InspectedRun } from './inspected-run.ts';
import type { Predictor } from './predictor.ts';
import { computeNumbers } from './read-numbers.ts';

/** Far below any margin: a class that the training part did not have is never named. */
const NEVER = -1e4;

/** Scores of all classes, [examples, classes] flat. Where votes are equal, the class that the machine names comes first. */
function toMargins(model: SvmModel, { labels, scores }: SvmPredictions, classCount: number): Float32Array {
  const margins = new Float32Array(labels.length * classCount).fill(NEVER);
  const known = model.labels.length;
  labels.forEach((named, example) => {
    const own = scores.subarray(example * known, (example + 1) * known);
    const row = margins.subarray(example * classCount, (example + 1) * classCount);
    own.forEach((score, i) => (row[model.labels[i]!] = score));
    row[named] = Math.max(...own);
    for (let label = 0; label < named; label++) {
      if (row[label] === row[named]) row[label]! -= 1e-3;
    }
  });
  return margins;
}

/**
 * A fitted support vector machine, ready to be asked; it holds nothing on the engine.
 * @throws StudioError `data-damaged` where the state is no machine
 */
export function openMachine(run: InspectedRun, state: readonly StateTensor[]): Predictor {
  const model = restoreSvm(state);
  const classCount = run.heads[0]!.outputCount;
  return {
    run,
    async predict(examples) {
      const prepared = computeNumbers(() => run.preprocessing.apply(examples));
      return [toMargins(model, await predictSvm(model, prepared), classCount)];
    },
    dispose: () => undefined,
  };
}
