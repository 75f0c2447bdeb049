import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Is an interface name given to `--host` one that only this machine reaches? */
export function isLoopbackInterface(name: string): boolean {
  return loopbackNames.has(name) || name === '::1';
}

/**
 * Does a Host header name this machine? Anything else came by a foreign name that was made to point here
 * (DNS rebinding). The port is not compared: behind an SSH tunnel it is the tunnel's.
 */
export function isLoopbackHost(hostHeader: string | undefined): boolean {
  const match = /^(\[[0-9a-f:]+\]|[^:]+)(:\d{1,5})?$/i.exec(hostHeader ?? '');
  return match !== null && loopbackNames.has((match[1] ?? '').toLowerCase());
}

/** Does the request come from the page that this server itself gave out under that host? */
export function isOwnOrigin(origin: string | undefined, hostHeader: string | undefined): boolean {
  return origin !== undefined && hostHeader !== undefined && origin === `http://${hostHeader}`;
}

/** 256 random bits, safe in a URL fragment and as a WebSocket subprotocol. */
export function createToken(): string {
  return randomBytes(32).toString('hex');
}

/** Compares in a time that tells nothing about where or whether they differ. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
