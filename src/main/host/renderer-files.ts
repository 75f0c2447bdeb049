import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

/** What a page of the studio may do: its own scripts, styles and images, its own socket, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with every file of the renderer, over HTTP and over `app://` alike. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** A file of the built renderer, ready to be sent. */
export interface RendererFile {
  readonly body: Buffer;
  readonly contentType: string;
  /** The name carries a hash of the content, so it may be kept for ever. */
  readonly immutable: boolean;
}

/** The folder of the built renderer. */
export function rendererDirectory(root: string): string {
  return join(root, 'out', 'renderer');
}

/**
 * Reads the file a URL's path names; "/" is the page itself.
 * @param urlPath percent-encoded, without query and fragment
 * @returns null when it is not a file of a known type inside `directory`
 */
export async function readRendererFile(directory: string, urlPath: string): Promise<RendererFile | null> {
  const path = resolveInside(directory, urlPath);
  const contentType = path === null ? undefined : contentTypes[extname(path)];
  if (path === null || contentType === undefined) return null;
  try {
    const immutable = urlPath.startsWith('/assets/');
    return { body: await readFile(path), contentType, immutable };
  } catch {
    return null;
  }
}

/** The path on disk, or null when it would lie outside the folder. */
function resolveInside(directory: string, urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\0\\]/.test(decoded)) return null;
  const folder = resolve(directory);
  const path = resolve(folder, `.${decoded === '/' ? '/index.html' : decoded}`);
  return path.startsWith(folder + sep) ? path : null;
}
