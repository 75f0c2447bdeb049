import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDirectory, dataDirectory, projectRoot } from './paths.ts';

const linux = { environment: {}, platform: 'linux', home: '/home/ada' } as const;
const mac = { environment: {}, platform: 'darwin', home: '/Users/ada' } as const;

describe('folders of the user', () => {
  it('follow the platform', () => {
    expect(dataDirectory(linux)).toBe('/home/ada/.local/share/epoch-studio');
    expect(cacheDirectory(linux)).toBe('/home/ada/.cache/epoch-studio');
    expect(dataDirectory(mac)).toBe('/Users/ada/Library/Application Support/epoch-studio');
    expect(cacheDirectory(mac)).toBe('/Users/ada/Library/Caches/epoch-studio');
  });

  it('follow the XDG variables and the Windows ones', () => {
    const xdg = { ...linux, environment: { XDG_DATA_HOME: '/d', XDG_CACHE_HOME: '/c' } };
    expect(dataDirectory(xdg)).toBe('/d/epoch-studio');
    expect(cacheDirectory(xdg)).toBe('/c/epoch-studio');
    const windows = {
      environment: { APPDATA: 'R', LOCALAPPDATA: 'L' },
      platform: 'win32',
      home: 'H',
    } as const;
    expect(dataDirectory(windows)).toBe(join('R', 'epoch-studio'));
    expect(cacheDirectory(windows)).toBe(join('L', 'epoch-studio', 'Cache'));
  });

  it('are where the studio variables say, made absolute', () => {
    const set = { ...linux, environment: { EPOCH_STUDIO_HOME: 'mine', EPOCH_STUDIO_CACHE: '/fast' } };
    expect(dataDirectory(set)).toBe(resolve('mine'));
    expect(cacheDirectory(set)).toBe('/fast');
  });
});

describe('projectRoot', () => {
  it('finds this checkout from any folder in it', () => {
    expect(projectRoot()).toBe(resolve(import.meta.dirname, '../../..'));
    expect(projectRoot(resolve(import.meta.dirname, '../../../test/contract'))).toBe(projectRoot());
  });

  it('says so where there is none above', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'no-project-'));
    expect(() => projectRoot(elsewhere)).toThrow(expect.objectContaining({ code: 'not-found' }));
    rmSync(elsewhere, { recursive: true });
  });
});
