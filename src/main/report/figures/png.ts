import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Scene } from '../../../shared/figures/scene.ts';
import { writeSvg } from '../../../shared/figures/svg.ts';
import { packageFile, printFont } from './print-font.ts';

let ready: Promise<void> | null = null;

/** Loads the rasteriser once; a failure is tried again at the next call. */
function loadRasteriser(): Promise<void> {
  ready ??= initWasm(readFileSync(packageFile('@resvg/resvg-wasm/index_bg.wasm'))).catch((error: unknown) => {
    ready = null;
    throw error;
  });
  return ready;
}

/** A scene as PNG of so many dots per inch, which the file states, as it does its runs. */
export async function writePng(scene: Scene, dpi: number): Promise<Uint8Array<ArrayBuffer>> {
  await loadRasteriser();
  const { regular, bold } = printFont();
  const rasteriser = new Resvg(writeSvg(scene), {
    fitTo: { mode: 'width', value: Math.round((scene.width / 72) * dpi) },
    font: { fontBuffers: [regular, bold], defaultFontFamily: 'Arimo' },
  });
  try {
    const image = rasteriser.render();
    const png = image.asPng();
    image.free();
    return withChunks(png, [resolutionChunk(dpi), ...textChunks(scene)]);
  } finally {
    rasteriser.free();
  }
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const INCH_IN_METRES = 0.0254;
/** Signature and header, after which these chunks may stand (PNG, third edition, 5.6). */
const HEADER_BYTES = 8 + 25;

function resolutionChunk(dpi: number): Chunk {
  const perMetre = Math.round(dpi / INCH_IN_METRES);
  const data = Buffer.alloc(9);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data[8] = 1;
  return { type: 'pHYs', data };
}

function textChunks({ title, creator, runIds }: Scene): Chunk[] {
  const entries = [
    ['Title', title],
    ['Software', creator],
    ['Source', runIds.map((id) => `run ${id}`).join(', ')],
  ] as const;
  return entries.map(([keyword, content]) => ({
    type: 'iTXt',
    // Keyword, no compression, no language, no translated keyword, text.
    data: Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(content, 'utf8')]),
  }));
}

function withChunks(png: Uint8Array, chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const parts = [png.subarray(0, HEADER_BYTES), ...chunks.map(encodeChunk), png.subarray(HEADER_BYTES)];
  return new Uint8Array(Buffer.concat(parts));
}

function encodeChunk({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
