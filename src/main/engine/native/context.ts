import type { DeviceInfo } from '../../../shared/schema/engine.ts';
import type { CApi } from './c-api.ts';
import type { Pointer } from './c-library.ts';
import { encodeConfig } from './proto.ts';
import { withStatus } from './status.ts';

/** How TensorFlow may use the machine. */
export interface ContextOptions {
  readonly threadsPerOperation: number;
  readonly operationsAtOnce: number;
  readonly allowCuda: boolean;
}

/** Creates an eager context; the caller deletes it by {@link deleteContext}. */
export function createContext(api: CApi, options: ContextOptions): Pointer {
  const contextOptions = api.context.createOptions();
  try {
    const config = encodeConfig(options);
    withStatus(api, 'setting threads', (status) =>
      api.context.setConfig(contextOptions, config, config.length, status),
    );
    return withStatus(api, 'creating a context', (status) => api.context.create(contextOptions, status));
  } finally {
    api.context.deleteOptions(contextOptions);
  }
}

/** Frees a context and what it alone owns (functions, compiled programs). */
export function deleteContext(api: CApi, context: Pointer): void {
  api.context.delete(context);
}

/** The devices TensorFlow found: the CPU, and every CUDA device its library and the driver give. */
export function listDevices(api: CApi, context: Pointer, cpuName: string): DeviceInfo[] {
  const list = withStatus(api, 'listing devices', (status) => api.context.listDevices(context, status));
  try {
    return Array.from({ length: api.context.deviceCount(list) }, (_, index) =>
      describeDevice(api, list, index, cpuName),
    ).filter((device) => device !== null);
  } finally {
    api.context.deleteDeviceList(list);
  }
}

function describeDevice(api: CApi, list: Pointer, index: number, cpuName: string): DeviceInfo | null {
  const who = 'describing a device';
  const type = withStatus(api, who, (status) => api.context.deviceType(list, index, status));
  if (type === 'CPU') return { name: cpuName, kind: 'cpu', memoryBytes: null };
  if (type !== 'GPU') return null;
  const name = withStatus(api, who, (status) => api.context.deviceName(list, index, status));
  const memory = withStatus(api, who, (status) => api.context.deviceMemory(list, index, status));
  return { name, kind: 'cuda', memoryBytes: Number(memory) };
}
