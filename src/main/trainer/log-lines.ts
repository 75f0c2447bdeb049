import type { LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { TrainingProgram } from '../engine/engine.ts';
import type { ModelPlan } from '../model/plan.ts';
import { summarisePlan } from '../model/summarise.ts';
import type { EngineInfo, ExecutorKind } from '../../shared/schema/engine.ts';
import type { SvmSpec } from '../../shared/schema/svm.ts';
import type { TrainingPosition } from '../training/checkpoint.ts';

const count = new Intl.NumberFormat('en-GB');

const engineNames = {
  tensorflow: 'TensorFlow',
  wasm: 'tfjs WebAssembly',
  cpu: 'tfjs JavaScript',
} as const satisfies Readonly<Record<EngineInfo['kind'], string>>;

const executorTexts = {
  eager: 'step by step, nothing compiled',
  graph: "compiled for TensorFlow's graph executor",
  xla: 'compiled by XLA',
} as const satisfies Readonly<Record<ExecutorKind, string>>;

/** "Data: MNIST digits, 54,000 train, 6,000 dev and 10,000 test examples.", and rows left out of a table. */
export function describeData(dataset: LoadedDataset, split: SplitIndices): string {
  const [train, dev, test] = [split.train, split.dev, split.test].map((rows) => count.format(rows.length));
  const { leftOutRows = 0 } = dataset;
  const leftOut =
    leftOutRows > 0 ? ` ${count.format(leftOutRows)} rows with missing values are left out.` : '';
  return `Data: ${dataset.info.name}, ${train} train, ${dev} dev and ${test} test examples.${leftOut}`;
}

/** "Model: 4 layers, 235,146 parameters." */
export function describeModel(plan: ModelPlan): string {
  const layers = plan.layers.length;
  const { parameterCount } = summarisePlan(plan);
  return `Model: ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${count.format(parameterCount)} parameters.`;
}

/** "Model: support vector machine, RBF kernel of gamma 0.5, C 1." */
export function describeSvm({ kernel, gamma, C }: SvmSpec): string {
  const shape = kernel === 'linear' ? 'linear kernel' : `RBF kernel of gamma ${gamma}`;
  return `Model: support vector machine, ${shape}, C ${C}.`;
}

/** "Engine: TensorFlow 2.21.0 on AMD EPYC, 2 threads (library found in ...)." */
export function describeEngine(info: EngineInfo, reason: string): string {
  const threads = `${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
  return `Engine: ${engineNames[info.kind]} ${info.version} on ${info.device.name}, ${threads} (${reason}).`;
}

/** "Training: compiled by XLA in 0.7 s, 100 steps a call." */
export function describeProgram(program: TrainingProgram): string {
  const seconds = program.compileMs > 0 ? ` in ${(program.compileMs / 1_000).toFixed(1)} s` : '';
  const { stepsPerCall } = program;
  const steps = `${stepsPerCall} ${stepsPerCall === 1 ? 'step' : 'steps'} a call`;
  return `Training: ${executorTexts[program.executor]}${seconds}, ${steps}.`;
}

/** "Resumed: 3 epochs done, step 2,600." */
export function describeResume(position: TrainingPosition): string {
  const epochs = `${position.epoch} ${position.epoch === 1 ? 'epoch' : 'epochs'} done`;
  return `Resumed: ${epochs}, step ${count.format(position.step)}.`;
}
