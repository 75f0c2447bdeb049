import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, readRendererFile } from './renderer-files.ts';

const parent = mkdtempSync(join(tmpdir(), 'renderer-'));
const folder = join(parent, 'renderer');
mkdirSync(join(folder, 'assets'), { recursive: true });
mkdirSync(join(parent, 'renderer-secret'));
writeFileSync(join(folder, 'index.html'), '<p>page</p>');
writeFileSync(join(folder, 'assets', 'a b.js'), 'script');
writeFileSync(join(folder, 'notes.secret'), 'SECRET');
writeFileSync(join(parent, 'secret.json'), 'SECRET');
writeFileSync(join(parent, 'renderer-secret', 'key.json'), 'SECRET');
afterAll(() => rmSync(parent, { recursive: true }));

describe('readRendererFile', () => {
  it('reads the page and its assets', async () => {
    const page = await readRendererFile(folder, '/');
    expect(page?.body.toString()).toBe('<p>page</p>');
    expect(page).toMatchObject({ contentType: 'text/html; charset=utf-8', immutable: false });
    const script = await readRendererFile(folder, '/assets/a%20b.js');
    expect(script?.body.toString()).toBe('script');
    expect(script).toMatchObject({ contentType: 'text/javascript; charset=utf-8', immutable: true });
  });

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/../../secret.json',
    '/../renderer-secret/key.json',
    '/..\\secret.json',
    '/%5c..%5csecret.json',
    '/index.html%00.json',
    '/%zz',
    '//etc/passwd',
    'index.html',
    '',
    '/assets',
    '/missing.js',
    '/notes.secret',
  ])('refuses %s', async (path) => expect(await readRendererFile(folder, path)).toBeNull());

  it('gives out nothing from outside the folder, whatever the path', async () => {
    const part = fc.constantFrom(
      '..',
      '%2e%2e',
      '.',
      '/',
      '%2f',
      '\\',
      'assets',
      'secret.json',
      'renderer-secret',
      'key.json',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const file = await readRendererFile(folder, `/${parts.join('/')}`);
        expect(file?.body.toString() ?? '').not.toContain('SECRET');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the content security policy', () => {
  it('starts from nothing and allows neither inline nor foreign code', () => {
    expect(contentSecurityPolicy).toMatch(/^default-src 'none';/);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
    for (const directive of ['frame-ancestors', 'base-uri', 'form-action']) {
      expect(contentSecurityPolicy).toContain(`${directive} 'none'`);
    }
  });
});
