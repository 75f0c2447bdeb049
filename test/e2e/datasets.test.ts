import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DatasetInfo } from '../../src/shared/schema/dataset.ts';
import { runStudio } from './support/command-line.ts';
import { createHome } from './support/home.ts';

const home = createHome();
afterAll(() => home.remove());

describe('the datasets of the command line', () => {
  it('are imported by one process, seen by the next, and gone after they are removed', async () => {
    const file = join(home.path, 'Garden.csv');
    writeFileSync(file, 'length,width,flower\n5.1,3.5,rose\n4.9,NA,tulip\n6.3,3.3,rose\n');
    const imported = await runStudio(home, 'datasets', 'import', file, '--type', 'flower=category', '--json');
    expect(imported.code, imported.stderr).toBe(0);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      id: 'garden',
      classes: ['rose', 'tulip'],
      featureNames: ['length', 'width'],
      trainExamples: 2,
    });
    const ids = async (): Promise<string[]> => {
      const { stdout } = await runStudio(home, 'datasets', '--json');
      return (JSON.parse(stdout) as { datasets: DatasetInfo[] }).datasets.map(({ id }) => id);
    };
    expect(await ids()).toContain('garden');
    const again = await runStudio(home, 'datasets', 'import', file);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/there is a dataset "garden"/);
    expect((await runStudio(home, 'datasets', 'remove', 'garden')).code).toBe(0);
    expect(await ids()).not.toContain('garden');
  });
});
