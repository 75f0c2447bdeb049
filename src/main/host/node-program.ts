import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';

/** The oldest Node with Node-API 10, which better-sqlite3 13 needs. */
const oldestNode = [22, 14] as const;

/** Is a Node version such as "24.3.0" new enough for the studio and trainer programs? */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** What starts a Node program: the executable, and the environment it needs to behave as Node. */
export interface NodeProgram {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the choice depends on; the process's own unless a test says otherwise. */
export interface RunningProcess {
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly versions: { readonly node: string; readonly electron?: string | undefined };
}

/**
 * The Node that runs studio and trainer: this process's own when it is new enough, else the one in node_modules.
 * @param root the project's folder
 * @throws StudioError `unsupported` when neither is new enough
 */
export function findNodeProgram(root: string, running: RunningProcess = process): NodeProgram {
  if (isNewEnough(running.versions.node)) {
    // Electron's binary is Node only when told so; it matters inside a utility process.
    const asNode: Record<string, string> = running.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
    return { executable: running.execPath, environment: asNode };
  }
  const bundled = bundledNodePaths(root, running.platform, running.arch).find((path) => existsSync(path));
  if (bundled) return { executable: bundled, environment: {} };
  throw new StudioError(
    'unsupported',
    `host: found Node ${running.versions.node} and none in node_modules, expected ${oldestNode.join('.')} or newer; run npm install again`,
  );
}

function bundledNodePaths(root: string, platform: string, arch: string): string[] {
  const [system, file] = platform === 'win32' ? ['win', 'node.exe'] : [platform, 'node'];
  const packages = [`node-${system}-${arch}`, `node-bin-${system}-${arch}`];
  return packages.map((name) => join(root, 'node_modules', name, 'bin', file));
}
