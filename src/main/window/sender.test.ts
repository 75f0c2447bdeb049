import { describe, expect, it } from 'vitest';
import { appPath, appRoute } from './app-address.ts';
import { isOwnPage } from './sender.ts';

describe('the sender of a message', () => {
  it('is ours only as the main frame of our own page', () => {
    expect(isOwnPage({ senderFrame: { url: 'app://studio/#/runs', parent: null } })).toBe(true);
    expect(isOwnPage({ senderFrame: { url: 'app://studio/', parent: {} } })).toBe(false);
    expect(isOwnPage({ senderFrame: null })).toBe(false);
  });

  it.each([
    'https://studio/',
    'app://studio.evil/',
    'app://evil/studio',
    'app://studio:1/',
    'app://user@studio.evil/',
    'file:///app://studio/',
    'about:blank',
    'data:text/html,app://studio/',
    '',
  ])('is not ours at %s', (url) => expect(isOwnPage({ senderFrame: { url, parent: null } })).toBe(false));
});

describe('addresses of the window', () => {
  it('have a path or are not ours', () => {
    expect(appPath('app://studio/assets/a%20b.js?x#y')).toBe('/assets/a%20b.js');
    expect(appPath('http://studio/assets/a.js')).toBeNull();
  });

  it('have a route only when they are the page', () => {
    expect(appRoute('app://studio/#/runs/1')).toBe('#/runs/1');
    expect(appRoute('app://studio/index.html')).toBe('');
    expect(appRoute('app://studio/assets/a.js')).toBeNull();
    expect(appRoute('https://studio/#/runs')).toBeNull();
  });
});
