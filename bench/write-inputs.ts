/** `node bench/write-inputs.ts FOLDER`: writes the weights and batch orders that peers start from. */
import { projectRoot } from '../src/main/host/paths.ts';
import { models } from './contestants.ts';
import { writeInputs } from './inputs.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('write-inputs: found no folder, expected one: bench/write-inputs.ts FOLDER');
for (const model of models) process.stdout.write(`${await writeInputs(projectRoot(), folder, model)}\n`);
