import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRendererFile, securityHeaders } from '../host/renderer-files.ts';
import { isLoopbackHost } from './loopback.ts';

/** Answers GET and HEAD with the built renderer's files; everything else is refused. */
export async function answerWithFile(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isLoopbackHost(request.headers.host)) {
    refuse(response, 403, 'This address answers on this machine only.');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'Only reading is possible here.');
  } else {
    await sendFile(directory, request, response);
  }
}

async function sendFile(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').replace(/[?#].*$/s, '');
  const file = await readRendererFile(directory, path);
  if (!file) {
    refuse(response, 404, 'There is no such file.');
    return;
  }
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': file.contentType,
    'Content-Length': file.body.byteLength,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
}
