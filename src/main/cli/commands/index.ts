import type { Command } from '../command.ts';
import { datasetsCommand } from './datasets.ts';
import { deleteCommand, restoreCommand } from './delete-restore.ts';
import { engineCommand } from './engine.ts';
import { experimentsCommand } from './experiments.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { rerunCommand } from './rerun.ts';
import { resumeCommand } from './resume.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { searchCommand } from './search.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  runCommand,
  runsCommand,
  showCommand,
  resumeCommand,
  rerunCommand,
  deleteCommand,
  restoreCommand,
  experimentsCommand,
  searchCommand,
  datasetsCommand,
  exportCommand,
  importCommand,
  engineCommand,
  serveCommand,
];
