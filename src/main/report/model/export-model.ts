import type { ExportedFile, ModelFormat } from '../../../shared/schema/figure.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { StateTensor } from '../../engine/engine.ts';
import { planModel } from '../../model/index.ts';
import type { StoredPreprocessing } from '../../preprocess/index.ts';
import { writeLayersModel } from './layers-model.ts';
import { writeOnnx } from './onnx.ts';
import { createPortableNet, type PortableNet } from './portable-net.ts';
import { preprocessingNumbers } from './preprocessing-numbers.ts';
import { writeSavedModel } from './saved-model.ts';

/** A trained net and where it comes from. */
export interface TrainedNet {
  readonly runId: string;
  readonly runName: string;
  readonly epoch: number;
  readonly seed: number;
  readonly appVersion: string;
  readonly experiment: Experiment;
  /** Of one raw example. */
  readonly inputShape: readonly number[];
  /** Classes per output; empty for numbers. */
  readonly classes: readonly (readonly string[])[];
  readonly state: readonly StateTensor[];
  /** Null where the run prepares nothing. */
  readonly preprocessing: StoredPreprocessing | null;
}

/** What a reader of the file should know; keys and values as all three formats can hold them. */
function metadataOf(trained: TrainedNet, net: PortableNet): Record<string, string> {
  const { experiment, preprocessing } = trained;
  return {
    'epoch-studio.run': trained.runId,
    'epoch-studio.epoch': String(trained.epoch),
    'epoch-studio.seed': String(trained.seed),
    'epoch-studio.version': trained.appVersion,
    'epoch-studio.dataset': experiment.data.dataset,
    'epoch-studio.input': `raw examples, float32 [batch, ${net.inputShape.join(', ')}]; the preparation is part of the model`,
    'epoch-studio.outputs': JSON.stringify(
      net.outputs.map(({ name, shape }, at) => ({ name, shape, classes: trained.classes[at] ?? [] })),
    ),
    'epoch-studio.loss': experiment.training.loss,
    'epoch-studio.target': JSON.stringify(preprocessing?.target ?? []),
    'epoch-studio.preprocessing': JSON.stringify(experiment.preprocessing),
  };
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'utf8'));

/** A name that every file system takes. */
function fileName({ runName, runId }: TrainedNet): string {
  const plain = runName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${plain || 'model'}-${runId}`;
}

function file(name: string, mediaType: string, bytes: Uint8Array): ExportedFile {
  return { name, mediaType, bytes: new Uint8Array(bytes) };
}

/**
 * A trained net as the files of a format: TensorFlow.js' layers format (`model.json`, `weights.bin`), a SavedModel
 * (`saved_model.pb`) or ONNX (one file, named after the run); the first two with a `metadata.json`. Raw examples go in,
 * the heads' outputs come out as in the studio: logits for the softmax and sigmoid losses, numbers in the prepared unit.
 * @throws StudioError `data-damaged` where the weights are not those of the model
 */
export function exportModel(trained: TrainedNet, format: ModelFormat): ExportedFile[] {
  const plan = planModel(trained.experiment.model, trained.inputShape);
  const { preprocessing, appVersion: version } = trained;
  const net = createPortableNet(
    plan,
    trained.state,
    preprocessing === null ? null : preprocessingNumbers(preprocessing),
  );
  const metadata = metadataOf(trained, net);
  const about = { name: fileName(trained), version, metadata };
  const described = file('metadata.json', 'application/json', encode(JSON.stringify(metadata, null, 2)));
  switch (format) {
    case 'onnx':
      return [file(`${about.name}.onnx`, 'application/octet-stream', writeOnnx(net, about))];
    case 'saved-model':
      return [file('saved_model.pb', 'application/octet-stream', writeSavedModel(net)), described];
    case 'tfjs': {
      const { modelJson, weights } = writeLayersModel(net, about);
      return [
        file('model.json', 'application/json', encode(modelJson)),
        file('weights.bin', 'application/octet-stream', weights),
        described,
      ];
    }
    default:
      return format satisfies never;
  }
}
