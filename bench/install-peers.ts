import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the peers are: a Python for each library, and the folder tfjs-node is installed in. */
export interface InstalledPeers {
  readonly python: { readonly torch: string; readonly keras: string; readonly jax: string };
  readonly tfjsNode: string;
}

const TFJS_NODE = '@tensorflow/tfjs-node@4.22.0';

type Tell = (text: string) => void;

function runInstaller(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const tail = output.trimEnd().split('\n').slice(-6).join('\n');
      reject(
        new Error(`benchmark set-up: ${program} ${args.join(' ')} failed (exit code ${code}):\n${tail}`),
      );
    });
  });
}

/** Fills a folder once for each recipe; an interrupted or outdated one is made anew. */
async function installOnce(folder: string, recipe: string, fill: () => Promise<void>): Promise<void> {
  const stamp = join(folder, '.installed');
  const wanted = createHash('sha256').update(recipe).digest('hex');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill();
  await writeFile(stamp, wanted);
}

async function installPython(directory: string, name: string, tell: Tell): Promise<string> {
  const folder = join(directory, name);
  const pins = join(import.meta.dirname, 'pins', `${name}.txt`);
  const python = join(folder, 'bin', 'python');
  await installOnce(folder, await readFile(pins, 'utf8'), async () => {
    tell(`Benchmark: installing ${name} for comparison (several hundred MB, once) ...`);
    await runInstaller('python3', ['-m', 'venv', folder], directory);
    await runInstaller(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '-r', pins], directory);
  });
  return python;
}

/** The folder of the `tensorflow` package in Keras's environment. */
async function findTensorFlow(python: string): Promise<string> {
  const libraries = join(dirname(dirname(python)), 'lib');
  const versions = await readdir(libraries);
  const found = versions
    .map((version) => join(libraries, version, 'site-packages', 'tensorflow'))
    .find((folder) => existsSync(join(folder, 'libtensorflow_cc.so.2')));
  if (found === undefined) throw new Error(`benchmark set-up: no TensorFlow library under ${libraries}`);
  return found;
}

/**
 * tfjs-node's install script downloads a binding and a library from a host that many networks block, so its native
 * addon is built from the sources in its package against the TensorFlow that Keras brings; the flags are those of its
 * binding.gyp.
 */
async function buildAddon(packageFolder: string, tensorflow: string, node: string): Promise<void> {
  const target = join(packageFolder, 'lib', 'napi-v8');
  await mkdir(target, { recursive: true });
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];
  const includes = [join(dirname(dirname(node)), 'include', 'node'), join(tensorflow, 'include')];
  await runInstaller(
    'g++',
    [
      ...['-O3', '-std=gnu++17', '-shared', '-fPIC', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...includes.map((folder) => `-I${folder}`),
      ...sources,
      ...['-o', join(target, 'tfjs_binding.node'), `-L${tensorflow}`, `-Wl,-rpath,${tensorflow}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    ],
    packageFolder,
  );
}

async function installTfjsNode(
  directory: string,
  kerasPython: string,
  node: string,
  tell: Tell,
): Promise<string> {
  const folder = join(directory, 'tfjs-node');
  const tensorflow = await findTensorFlow(kerasPython);
  await installOnce(folder, `${TFJS_NODE} ${tensorflow} ${node}`, async () => {
    tell('Benchmark: installing tfjs-node for comparison and building its native addon ...');
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await runInstaller('npm', ['install', ...quiet, '--save-exact', TFJS_NODE], folder);
    await buildAddon(join(folder, 'node_modules', '@tensorflow', 'tfjs-node'), tensorflow, node);
  });
  return folder;
}

/**
 * Installs every peer under `directory`, once: a Python environment each with the versions pinned in bench/pins, and
 * tfjs-node with its own addon.
 * @param node the project's Node, which brings the headers the addon needs
 * @throws Error where python3 (with venv), pip, npm or g++ is missing or fails
 */
export async function installPeers(directory: string, node: string, tell: Tell): Promise<InstalledPeers> {
  await mkdir(directory, { recursive: true });
  const torch = await installPython(directory, 'torch', tell);
  const keras = await installPython(directory, 'keras', tell);
  const jax = await installPython(directory, 'jax', tell);
  const tfjsNode = await installTfjsNode(directory, keras, node, tell);
  return { python: { torch, keras, jax }, tfjsNode };
}

/** Installs TensorBoard under `directory`, once, in the versions pinned in bench/pins. @returns its Python */
export async function installTensorBoard(directory: string, tell: Tell): Promise<string> {
  await mkdir(directory, { recursive: true });
  return installPython(directory, 'tensorboard', tell);
}
