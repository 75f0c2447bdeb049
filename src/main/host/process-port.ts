import type { Port } from '../../shared/ipc/port.ts';
import type { HostedProcess } from './host.ts';

/** The channel to a started program, as the calling end of a contract takes it. */
export function portOf(process: HostedProcess): Port {
  return {
    send: (message) => process.send(message),
    onMessage: (listener) => process.onMessage(listener),
    onDisconnect: (listener) => process.onExit(() => listener()),
  };
}
