import { protocol } from 'electron';
import { readRendererFile, securityHeaders, type RendererFile } from '../host/renderer-files.ts';
import { appPath, appScheme } from './app-address.ts';

/** Makes `app://` a standard, secure scheme. Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves the built renderer under `app://studio/`. */
export function serveApp(directory: string): void {
  const read = async (address: string): Promise<RendererFile | null> => {
    const path = appPath(address);
    return path === null ? null : readRendererFile(directory, path);
  };
  // Electron before 25 has no protocol.handle.
  if (typeof protocol.handle === 'function') handleApp(read);
  else registerBuffers(read);
}

type Read = (address: string) => Promise<RendererFile | null>;

function handleApp(read: Read): void {
  protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? await read(request.url) : null;
    if (!file) return new Response('There is no such file.', { status: 404, headers: securityHeaders });
    const headers = { ...securityHeaders, 'Content-Type': file.contentType };
    return new Response(new Uint8Array(file.body), { headers });
  });
}

function registerBuffers(read: Read): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way Electron 22 has
  protocol.registerBufferProtocol(appScheme, (request, answer) => {
    void read(request.url).then((file) => {
      if (!file) {
        answer({
          statusCode: 404,
          headers: { ...securityHeaders },
          data: Buffer.from('There is no such file.'),
        });
        return;
      }
      const [mimeType, charset] = file.contentType.split('; charset=');
      const headers = { ...securityHeaders, 'Content-Type': file.contentType };
      answer({
        statusCode: 200,
        headers,
        data: file.body,
        ...(mimeType && { mimeType }),
        ...(charset && { charset }),
      });
    });
  });
}
