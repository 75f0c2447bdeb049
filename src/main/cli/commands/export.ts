import { actionCommand } from '../actions.ts';
import { exportRuns, exportStudies } from '../export/archives.ts';
import { exportFigures, exportTables } from '../export/figures.ts';
import { exportModel } from '../export/model.ts';

/** `export figures|table|model|runs|study ...`: what goes into print, and what other programs and studios take in. */
export const exportCommand = actionCommand({
  name: 'export',
  summary: 'write the figures or tables of an experiment, a trained net, whole runs or studies as files',
  options: {
    out: {
      type: 'string',
      value: 'PATH',
      help: 'folder, or of runs and studies the archive (default: here, runs.zip or study.zip)',
    },
    experiment: {
      type: 'string',
      value: 'ID',
      help: 'of this experiment, e.g. c2-fmnist-cnn or C2',
      actions: ['figures', 'table'],
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'some of svg,png,pdf,csv; some of latex,markdown,csv; onnx (default), saved-model or tfjs',
      actions: ['figures', 'table', 'model'],
    },
    width: {
      type: 'string',
      value: 'MM',
      help: '84 (default, one column) or 174 (two)',
      actions: ['figures'],
    },
    dpi: { type: 'string', value: 'N', help: 'dots per inch of PNG (default: 300)', actions: ['figures'] },
    caption: { type: 'boolean', help: 'a line beneath with runs and version', actions: ['figures'] },
    'no-heading': { type: 'boolean', help: 'without the title above', actions: ['figures'] },
    epoch: {
      type: 'string',
      value: 'N',
      help: 'after this epoch (default: as the run ended)',
      actions: ['model'],
    },
    checkpoints: {
      type: 'string',
      value: 'WHICH',
      help: 'best-and-last (default) or all',
      actions: ['runs', 'study'],
    },
  },
  actions: {
    figures: { usage: '', run: exportFigures },
    table: { usage: '', run: exportTables },
    model: { usage: 'ID', run: exportModel },
    runs: { usage: 'ID...', run: exportRuns },
    study: { usage: 'ID...', run: exportStudies },
  },
});
