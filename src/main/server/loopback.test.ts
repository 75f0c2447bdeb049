import { describe, expect, it } from 'vitest';
import { createToken, isLoopbackHost, isLoopbackInterface, isOwnOrigin, isSameToken } from './loopback.ts';

describe('loopback checks', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]', '[::1]:65535'])(
    'take the Host header %s',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    'localhost:80:80',
    'localhost:',
    'user@localhost',
    '127.0.0.1/..',
    '0.0.0.0',
    '192.168.1.5:80',
    '[::2]:80',
  ])('refuse the Host header %s', (host) => expect(isLoopbackHost(host)).toBe(false));

  it('take an origin only when it is the page of the same host and port', () => {
    expect(isOwnOrigin('http://127.0.0.1:80', '127.0.0.1:80')).toBe(true);
    expect(isOwnOrigin('http://127.0.0.1:81', '127.0.0.1:80')).toBe(false);
    expect(isOwnOrigin('http://localhost:80', '127.0.0.1:80')).toBe(false);
    expect(isOwnOrigin('https://127.0.0.1:80', '127.0.0.1:80')).toBe(false);
    expect(isOwnOrigin('null', '127.0.0.1:80')).toBe(false);
    expect(isOwnOrigin(undefined, '127.0.0.1:80')).toBe(false);
  });

  it('know the interfaces nobody else reaches', () => {
    for (const name of ['127.0.0.1', 'localhost', '::1']) expect(isLoopbackInterface(name)).toBe(true);
    for (const name of ['0.0.0.0', '::', '', '10.0.0.1', 'example'])
      expect(isLoopbackInterface(name)).toBe(false);
  });
});

describe('the token', () => {
  it('has 256 bits and is never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, createToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/);
  });

  it('fits only itself', () => {
    const token = createToken();
    expect(isSameToken(token, token)).toBe(true);
    for (const other of ['', token.slice(1), `${token}0`, token.toUpperCase(), createToken()]) {
      if (other !== token) expect(isSameToken(other, token)).toBe(false);
    }
  });
});
