import { deflateSync, crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseNpz } from '../numpy/npz-reader.ts';
import type { NpyArray } from '../numpy/npy-reader.ts';
import { errorOf, fixture, fuzzReader, repairPngChunks } from '../reader-test-kit.ts';
import { withChannels } from './decoded-image.ts';
import { decodeImage, inspectImage } from './image-decoder.ts';
import { resizeImage } from './image-resize.ts';

const source = { reader: 'image folder reader', name: 'a' };
const decode = (bytes: Uint8Array, maximumPixels = 10_000) => decodeImage(bytes, maximumPixels, source);

/** What Pillow decodes of each fixture, written by make_fixtures.py. */
let expected: ReadonlyMap<string, NpyArray>;
beforeAll(async () => {
  expected = await parseNpz(fixture('expected-images.npz'), 'expected-images.npz');
});

function pillow(name: string): NpyArray {
  const array = expected.get(name);
  if (array === undefined) throw new Error(`no expectation for ${name}`);
  return array;
}

/** Largest and mean absolute difference of samples. */
function difference(values: ArrayLike<number>, other: ArrayLike<number>) {
  expect(values.length).toBe(other.length);
  const gaps = Array.from(values, (value, at) => Math.abs(value - other[at]!));
  return { largest: Math.max(...gaps), mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length };
}

describe('decodeImage', () => {
  it.each([
    ['colour.png', 3],
    ['interlaced.png', 3],
    ['profile.png', 3],
    ['alpha.png', 3],
    ['palette.png', 3],
    ['palette_4.png', 3],
    ['grey.png', 1],
    ['grey_alpha.png', 1],
    ['grey_16.png', 1],
    ['bits.png', 1],
  ] as const)('decodes %s to what Pillow decodes', (name, channels) => {
    const bytes = fixture(name);
    const { values, ...header } = decode(bytes);
    expect(header).toEqual({ width: 20, height: 13, channels });
    expect(inspectImage(bytes.subarray(0, 40), source)).toEqual(header);
    expect([...values]).toEqual([...pillow(name).values]);
  });

  it.each([
    // Rounding of the cosine transform and of the colours.
    ['grey.jpg', 1, 2, 0.5],
    ['colour_444.jpg', 3, 4, 0.7],
    ['progressive.jpg', 3, 4, 0.7],
    ['rgb.jpg', 3, 2, 0.5],
    // Pillow smooths chroma of half the size between pixels, this decoder repeats it.
    ['colour_420.jpg', 3, 60, 6],
  ] as const)('decodes %s to nearly what Pillow decodes', (name, channels, largest, mean) => {
    const bytes = fixture(name);
    const image = decode(bytes);
    expect(image).toMatchObject({ width: 20, height: 13, channels });
    expect(inspectImage(bytes, source)).toMatchObject({ width: 20, height: 13, channels });
    const found = difference(image.values, pillow(name).values);
    expect(found.largest).toBeLessThanOrEqual(largest);
    expect(found.mean).toBeLessThanOrEqual(mean);
  });

  it('decodes luma of chroma at half the size as exactly as any', () => {
    const image = withChannels(decode(fixture('colour_420.jpg')), 1);
    const values = Uint8Array.from(pillow('colour_420.jpg').values);
    const other = withChannels({ width: 20, height: 13, channels: 3, values }, 1);
    expect(difference(image.values, other.values).mean).toBeLessThan(1);
  });

  it('makes colour grey as Pillow does, and grey colour by repeating it', () => {
    const grey = withChannels(decode(fixture('colour.png')), 1);
    expect([...grey.values]).toEqual([...pillow('luma').values]);
    const colour = withChannels(grey, 3);
    expect([...colour.values.subarray(0, 6)]).toEqual([0, 0, 0, 1, 1, 1].map((at) => grey.values[at]));
  });

  it.each([
    [7, 5],
    [31, 40],
    [20, 6],
  ])('resizes to %ix%i as Pillow does, but for rounding', (width, height) => {
    const resized = resizeImage(decode(fixture('colour.png')), width, height);
    expect(resized).toMatchObject({ width, height, channels: 3 });
    expect(
      difference(resized.values, pillow(`resized_${width}x${height}`).values).largest,
    ).toBeLessThanOrEqual(1);
  });
});

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** A PNG of any chunks, with checksums that fit. */
function makePng(chunks: readonly Chunk[]): Uint8Array {
  const parts = chunks.map(({ type, data }) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

function header(width: number, height: number, depth = 8, colourType = 0, interlace = 0): Chunk {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colourType, 0, 0, interlace], 8);
  return { type: 'IHDR', data };
}

const pixels = (bytes: Uint8Array): Chunk => ({ type: 'IDAT', data: deflateSync(bytes) });
const end: Chunk = { type: 'IEND', data: Buffer.alloc(0) };
const fourByTwo = Buffer.of(0, 1, 2, 3, 4, 0, 5, 6, 7, 8);

describe('PNG by hand', () => {
  it('is read as it was made', () => {
    expect([...decode(makePng([header(4, 2), pixels(fourByTwo), end])).values]).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('takes the first header where there are two', () => {
    const image = decode(makePng([header(4, 2), header(2, 4), pixels(fourByTwo), end]));
    expect(image).toMatchObject({ width: 4, height: 2 });
  });

  it.each([
    [
      'too few pixels',
      [header(4, 3), pixels(fourByTwo), end],
      'unpacks to 10 bytes, and its PNG header says 15',
    ],
    ['too many pixels', [header(4, 1), pixels(fourByTwo), end], 'does not unpack to 5 bytes'],
    [
      'another filter',
      [header(4, 2), pixels(Buffer.from(fourByTwo).fill(9, 0, 1)), end],
      'cannot be decoded',
    ],
    ['no end', [header(4, 2), pixels(fourByTwo)], 'ends in the middle of its PNG data'],
    ['no pixels', [header(4, 2), end], 'does not unpack to 10 bytes'],
    [
      'a colour beyond its palette',
      [header(4, 2, 8, 3), pixels(fourByTwo), end],
      'has colour 1 of a palette of 0',
    ],
    ['an unknown colour type', [header(4, 2, 8, 5), pixels(fourByTwo), end], 'that no picture has'],
    ['no width', [header(0, 2), pixels(fourByTwo), end], 'that no picture has (0x2)'],
  ])('is refused with %s', async (_, chunks, message) => {
    const error = await errorOf(() => decode(makePng(chunks)));
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain(message);
  });

  it('is refused interlaced with few bits', async () => {
    const error = await errorOf(() =>
      decode(makePng([header(8, 8, 1, 0, 1), pixels(Buffer.alloc(30)), end])),
    );
    expect(error.code).toBe('unsupported');
  });

  it('is refused for its size before it is unpacked, and stops a bomb', async () => {
    const claim = await errorOf(() => decode(makePng([header(70_000, 70_000), end])));
    expect(claim).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('has 70000x70000 pixels'),
    });
    const bomb = makePng([header(4, 2), pixels(Buffer.alloc(128 * 2 ** 20)), end]);
    const before = process.memoryUsage().arrayBuffers;
    expect((await errorOf(() => decode(bomb))).message).toContain('does not unpack to 10 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });

  it('never unpacks a colour profile', () => {
    const profile = {
      type: 'iCCP',
      data: Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(2 ** 27))]),
    };
    const before = process.memoryUsage().arrayBuffers;
    expect(decode(makePng([header(4, 2), profile, pixels(fourByTwo), end])).width).toBe(4);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });
});

describe('JPEG', () => {
  const grey = fixture('grey.jpg');
  const withSize = (high: number) => {
    const copy = Buffer.from(grey);
    copy[copy.indexOf(Buffer.of(0xff, 0xc0)) + 5] = high;
    return copy;
  };

  it('is read to the same header from its beginning, or asks for more', () => {
    expect(inspectImage(grey.subarray(0, 300), source)).toMatchObject({ width: 20, height: 13 });
    expect(inspectImage(grey.subarray(0, 30), source)).toBeNull();
  });

  it.each([
    ['cut off in its data', grey.subarray(0, -20), 'cannot be decoded'],
    ['cut off in its header', grey.subarray(0, 100), 'ends inside its JPEG header'],
    ['without a frame', Buffer.of(0xff, 0xd8, 0xff, 0xda, 0, 0), 'has no JPEG frame'],
    ['of another kind', Buffer.from('GIF89a'), 'begins with the bytes 47494638, and PNG or JPEG is expected'],
    ['empty', Buffer.alloc(0), 'begins with the bytes (none)'],
  ])('is refused %s', async (_, bytes, message) => {
    const error = await errorOf(() => decode(bytes));
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain(message);
  });

  it('is refused in CMYK, and with too many scans', async () => {
    expect((await errorOf(() => decode(fixture('cmyk.jpg')))).message).toContain('is JPEG of 4 components');
    const scans = Buffer.concat([grey, Buffer.alloc(300, Buffer.of(0xff, 0xda, 0))]);
    expect(await errorOf(() => decode(scans))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('has 101 scans'),
    });
  });

  it('is refused for its size before it is decoded', async () => {
    expect((await errorOf(() => decode(withSize(0xff)))).message).toContain('has 20x65293 pixels');
  });
});

describe('decodeImage on damaged files', () => {
  it.each([
    [
      'PNG',
      [
        'colour.png',
        'palette_4.png',
        'grey_16.png',
        'bits.png',
        'interlaced.png',
        'grey_alpha.png',
        'profile.png',
      ],
    ],
    ['JPEG', ['grey.jpg', 'colour_420.jpg', 'progressive.jpg', 'rgb.jpg', 'cmyk.jpg']],
  ])('survives 10,000 mutated %s files', async (_, names) => {
    const counts = await fuzzReader({
      originals: names.map(fixture),
      headerBytes: 64,
      memoryBytes: 32 * 2 ** 20,
      read: (bytes) => decode(bytes, 4_096),
      check: ({ width, height, channels, values }) => {
        expect(values.length).toBe(width * height * channels);
        expect(width * height).toBeLessThanOrEqual(4_096);
      },
      repair: repairPngChunks,
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});
