import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { ParentPort } from './host.ts';
import { parentWire } from './wire.ts';

/** What a host without a channel to close sends in its stead (a utility process has none). */
export const endMessage = { host: 'end' } as const;

function isEndMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && (message as { host?: unknown }).host === 'end';
}

/** Electron's side of a utility process; typed here because a program that also runs on Node cannot import it. */
interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  off(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/**
 * The channel of a launched program to its parent, under either host. From here on Ctrl-C is the parent's affair:
 * a terminal sends it to the whole group, and only the shell knows whether it means pause, cancel or end.
 * @throws StudioError `unsupported` when the program was not started by a host
 */
export function connectToParent(): ParentPort {
  process.on('SIGINT', () => undefined);
  const utilityPort = (process as { parentPort?: UtilityParentPort }).parentPort;
  if (utilityPort) return utilityParentPort(utilityPort);
  if (process.send) return childParentPort();
  throw new StudioError(
    'unsupported',
    'program: found no parent process, expected to be started by the studio; use "npm start" or "npm run studio"',
  );
}

function utilityParentPort(port: UtilityParentPort): ParentPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      const receive = ({ data }: { data: unknown }): void => {
        if (!isEndMessage(data)) listener(data);
      };
      port.on('message', receive);
      return () => port.off('message', receive);
    },
    onDisconnect(listener) {
      const receive = ({ data }: { data: unknown }): void => {
        if (!isEndMessage(data)) return;
        port.off('message', receive);
        listener();
      };
      port.on('message', receive);
      return () => port.off('message', receive);
    },
  };
}

function childParentPort(): ParentPort {
  const isText = parentWire() === 'text';
  return {
    send(message) {
      const sent = isText ? encodeMessage(message) : message;
      // A parent that is just going is told by "disconnect", not by an exception here.
      if (process.connected) process.send?.(sent, undefined, undefined, () => undefined);
    },
    onMessage(listener) {
      const receive = (message: unknown): void => listener(isText ? decodeMessage(String(message)) : message);
      process.on('message', receive);
      return () => process.off('message', receive);
    },
    onDisconnect(listener) {
      process.once('disconnect', listener);
      return () => process.off('disconnect', listener);
    },
  };
}
