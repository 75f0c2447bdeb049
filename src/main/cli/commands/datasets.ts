import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import { exitCodes, type Command } from '../command.ts';
import { formatCount, formatTable } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `datasets`: the datasets the gallery's experiments use. */
export const datasetsCommand: Command = {
  name: 'datasets',
  usage: '',
  summary: 'list the datasets',
  options: {},
  positionals: { min: 0, max: 0 },
  async run(input, terminal) {
    const gallery = await withStudio(input, terminal, ({ client }) => client.invoke('gallery.list', {}));
    const datasets = [...new Map(gallery.map(({ dataset }) => [dataset.id, dataset])).values()];
    if (input.json) terminal.print(JSON.stringify(datasets, null, 2));
    else for (const line of describeDatasets(datasets)) terminal.print(line);
    return exitCodes.success;
  },
};

function describeDatasets(datasets: readonly DatasetInfo[]): string[] {
  const headings = ['id', 'name', 'task', 'shape', 'train', 'test', 'classes', 'available', 'licence'];
  return formatTable(
    headings,
    datasets.map((dataset) => [
      dataset.id,
      dataset.name,
      dataset.task,
      dataset.featureShape.join('x'),
      formatCount(dataset.trainExamples),
      formatCount(dataset.testExamples),
      dataset.task === 'classification' ? String(dataset.classes.length) : '-',
      dataset.available ? 'yes' : 'no',
      dataset.licence,
    ]),
  );
}
