import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, fixture, fuzzReader, repairPngChunks } from '../reader-test-kit.ts';
import { decodeImage } from './image-decoder.ts';
import { parseImageFolder, readImageFolder } from './image-folder-reader.ts';
import {
  defaultImageFolderLimits,
  type ImageFolder,
  type ImageFolderFiles,
  type ImageFolderOptions,
} from './image-folder.ts';
import { resizeImage } from './image-resize.ts';

type Folder = Readonly<Record<string, Uint8Array>>;

/** A folder in memory. */
function folderOf(files: ReadonlyMap<string, Uint8Array>): ImageFolderFiles {
  return {
    name: 'pets',
    list: async () => [...files.keys()],
    read: async (path, maximumBytes) => files.get(path)?.subarray(0, maximumBytes) ?? new Uint8Array(0),
  };
}

const read = (folder: Folder, options?: ImageFolderOptions): Promise<ImageFolder> =>
  parseImageFolder(folderOf(new Map(Object.entries(folder))), options);
const reject = (folder: Folder, options?: ImageFolderOptions) => errorOf(() => read(folder, options));

const colour = fixture('colour.png');
const grey = fixture('grey.png');
const jpeg = fixture('colour_444.jpg');
const valuesOf = (bytes: Uint8Array) => decodeImage(bytes, 10_000, { reader: 'test', name: 'a' }).values;

describe('parseImageFolder', () => {
  it('labels images by the sorted names of their folders', async () => {
    const { classes, train, test } = await read({
      'dog/2.jpg': jpeg,
      'cat/b.png': colour,
      'dog/1.PNG': colour,
      'cat/notes.txt': Buffer.from('no image'),
    });
    expect(classes).toEqual(['cat', 'dog']);
    expect(test).toBeNull();
    expect(train.shape).toEqual([3, 13, 20, 3]);
    expect([...train.labels]).toEqual([0, 1, 1]);
    expect([...train.values.subarray(0, 780)]).toEqual([...valuesOf(colour)]);
    expect([...train.values.subarray(1560)]).toEqual([...valuesOf(jpeg)]);
  });

  it('divides into training and test images', async () => {
    const { classes, train, test } = await read({
      'train/dog/1.png': grey,
      'train/cat/1.png': grey,
      'test/dog/1.png': grey,
    });
    expect(classes).toEqual(['cat', 'dog']);
    expect(train.shape).toEqual([2, 13, 20, 1]);
    expect([...train.labels]).toEqual([0, 1]);
    expect(test?.shape).toEqual([1, 13, 20, 1]);
    expect([...(test?.labels ?? [])]).toEqual([1]);
  });

  it('gives colour where any image has colour, or what is asked for', async () => {
    const folder = { 'a/1.png': grey, 'b/1.png': colour };
    expect((await read(folder)).train.shape).toEqual([2, 13, 20, 3]);
    const single = await read(folder, { channels: 1 });
    expect(single.train.shape).toEqual([2, 13, 20, 1]);
    expect([...single.train.values.subarray(0, 260)]).toEqual([...valuesOf(grey)]);
  });

  it('brings images to the size asked for', async () => {
    const { train } = await read(
      { 'a/1.png': colour, 'b/1.png': colour },
      { resizeTo: { width: 8, height: 4 } },
    );
    expect(train.shape).toEqual([2, 4, 8, 3]);
    const whole = { width: 20, height: 13, channels: 3, values: valuesOf(colour) } as const;
    expect([...train.values.subarray(0, 96)]).toEqual([...resizeImage(whole, 8, 4).values]);
  });

  it('goes by what a file is, not by its name', async () => {
    expect((await read({ 'a/1.jpg': colour })).train.shape).toEqual([1, 13, 20, 3]);
  });

  it('finds the header of a JPEG behind much else', async () => {
    const segment = Buffer.concat([Buffer.of(0xff, 0xe1, 0xff, 0xff), Buffer.alloc(65_533)]);
    const long = Buffer.concat([jpeg.subarray(0, 2), segment, segment, jpeg.subarray(2)]);
    expect((await read({ 'a/1.jpg': long })).train.values).toEqual(valuesOf(jpeg));
  });

  it('tells how far it is, and stops when asked', async () => {
    const told: string[] = [];
    const folder = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`a/${i}.png`, grey]));
    await read(folder, { onProgress: (done, total) => told.push(`${done}/${total}`) });
    expect(told).toEqual(['100/130', '130/130']);
    const error = await reject(folder, { signal: AbortSignal.abort() });
    expect(error.code).toBe('cancelled');
  });

  const small = fixture('interlaced.png');
  const cropped = Buffer.from(grey);
  cropped.writeUInt32BE(12, 20);

  it.each([
    ['nothing', {}, 'pets holds no PNG or JPEG'],
    [
      'an image beside the classes',
      { 'a/1.png': small, '2.png': small },
      'holds 2.png; images are expected in <class>/',
    ],
    ['an image too deep', { 'a/b/1.png': small }, 'holds a/b/1.png'],
    ['a name that leads out', { '../1.png': small }, 'holds ../1.png'],
    ['a half divided folder', { 'train/a/1.png': small, 'b/1.png': small }, 'holds train/a/1.png'],
    [
      'a class that is tested only',
      { 'train/a/1.png': small, 'test/b/1.png': small },
      'has images of the class "b" in test/ and none in train/',
    ],
    [
      'another size',
      { 'a/1.png': small, 'b/1.png': cropped },
      'pets/b/1.png has 20x12 pixels, and 20x13 are expected as in a/1.png; choose a size',
    ],
  ])('refuses a folder with %s', async (_, folder, message) => {
    const error = await reject(folder);
    expect(error.code).toBe('invalid-input');
    expect(error.message).toContain(message);
  });

  it('names a file that is damaged or of another kind', async () => {
    const cut = await reject({ 'a/1.png': colour, 'b/1.png': colour.subarray(0, 200) });
    expect(cut.code).toBe('data-damaged');
    expect(cut.message).toContain('image folder reader: pets/b/1.png ends in the middle of its PNG data');
    const other = await reject({ 'a/1.png': colour, 'b/1.gif': colour });
    expect(other).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('pets holds b/1.gif'),
    });
  });

  it.each([
    [{ maximumPixels: 259 }, 'pets/a/1.png has 20x13 pixels, and at most 259 are read'],
    [{ maximumFileBytes: 50 }, 'pets/a/1.png has more bytes, and at most 50 are read'],
    [{ maximumBytes: 1_559 }, 'pets has 2 images of 20x13x3 (1560 bytes), and at most 1559 are read'],
  ])('refuses more than the limit %j', async (limits, message) => {
    const error = await reject(
      { 'a/1.png': colour, 'b/1.png': colour },
      { limits: { ...defaultImageFolderLimits, ...limits } },
    );
    expect(error.code).toBe('invalid-input');
    expect(error.message).toContain(message);
  });
});

/** A folder as one run of bytes, so that damage meets names, sizes and pictures alike. */
function pack(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return Buffer.concat(
    files.map(([name, bytes]) => {
      const sizes = Buffer.of(name.length, bytes.length >> 8, bytes.length & 0xff);
      return Buffer.concat([sizes, Buffer.from(name, 'latin1'), bytes]);
    }),
  );
}

function unpack(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + 3 <= bytes.length;) {
    const nameEnd = at + 3 + bytes[at]!;
    const end = nameEnd + 256 * bytes[at + 1]! + bytes[at + 2]!;
    files.set(Buffer.from(bytes.subarray(at + 3, nameEnd)).toString('latin1'), bytes.subarray(nameEnd, end));
    at = end;
  }
  return files;
}

describe('parseImageFolder on damaged folders', () => {
  const names = ['palette_4.png', 'grey_16.png', 'bits.png', 'interlaced.png', 'grey_alpha.png'];
  const jpegs = ['grey.jpg', 'colour_420.jpg', 'progressive.jpg'];

  it('survives 10,000 mutated files', async () => {
    const limits = {
      maximumImages: 20,
      maximumFileBytes: 20_000,
      maximumPixels: 4_096,
      maximumBytes: 100_000,
    };
    const original = (name: string) =>
      pack([
        [`train/cat/${name}`, fixture(name)],
        ['train/dog/1.png', fixture('bits.png')],
        ['test/dog/1.png', fixture('bits.png')],
      ]);
    const counts = await fuzzReader({
      originals: [...names, ...jpegs].map(original),
      headerBytes: 80,
      memoryBytes: 32 * 2 ** 20,
      read: (bytes) => {
        const resizeTo = bytes.length % 2 === 0 ? { width: 9, height: 5 } : undefined;
        return parseImageFolder(folderOf(unpack(bytes)), { limits, resizeTo });
      },
      check: ({ classes, train, test }) => {
        for (const { shape, values, labels } of test === null ? [train] : [train, test]) {
          expect(values.length).toBe(shape.reduce((product, side) => product * side, 1));
          expect(values.length).toBeLessThanOrEqual(limits.maximumBytes);
          expect(labels.every((label) => label < classes.length)).toBe(true);
          expect(labels.length).toBe(shape[0]);
        }
      },
      repair: repairPngChunks,
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});

describe('readImageFolder', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'images-'));
    const files = {
      'cat/1.png': colour,
      'dog/1.jpg': jpeg,
      '.hidden/x.gif': colour,
      'dog/.DS_Store': colour,
    };
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(join(directory, dirname(path)), { recursive: true });
      await writeFile(join(directory, path), bytes);
    }
    await symlink(directory, join(directory, 'cat/round')).catch(() => undefined);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads a folder of the disk without hidden files and links', async () => {
    const { classes, train } = await readImageFolder(directory);
    expect(classes).toEqual(['cat', 'dog']);
    expect(train.shape).toEqual([2, 13, 20, 3]);
  });

  it('says what is missing, no folder, or too much', async () => {
    expect((await errorOf(() => readImageFolder(join(directory, 'none')))).code).toBe('not-found');
    const file = await errorOf(() => readImageFolder(join(directory, 'cat/1.png')));
    expect(file.message).toContain('cannot be read as a folder (ENOTDIR)');
    const limits = { ...defaultImageFolderLimits, maximumImages: 1 };
    const many = await errorOf(() => readImageFolder(directory, { limits }));
    expect(many.message).toContain('holds more files, and at most 1 are read');
  });
});
