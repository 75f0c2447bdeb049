import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, fuzzReader, sharedFile } from '../reader-test-kit.ts';
import { parseCsv, readCsvFile } from './csv-reader.ts';
import { defaultCsvLimits, type CsvOptions, type CsvTable } from './csv-table.ts';

const parse = (text: string, options?: CsvOptions): CsvTable => parseCsv(Buffer.from(text), 'a.csv', options);
const reject = (text: string, options?: CsvOptions) => errorOf(() => parse(text, options));

/** Column by name, its values as a plain array with null for NaN. */
function column(table: CsvTable, name: string) {
  const found = table.columns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return {
    type: found.type,
    missing: found.missingCount,
    values: Array.from<string | number | null, string | number | null>(found.values, (value) =>
      Number.isNaN(value) ? null : value,
    ),
  };
}

describe('parseCsv', () => {
  it('reads names, types and missing values', () => {
    const table = parse(
      'id,area,rooms,zone,note,sold\n' +
        '1,10.5,3,RL,"large, bright",yes\n' +
        '2,NA,2,RM,old,no\n' +
        '3,-1e3,?,RL,"he said ""no""",NO\n' +
        '4, 7. ,5,RM,,\n',
    );
    expect(table).toMatchObject({ rowCount: 4, delimiter: ',', hasHeader: true });
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'area', 'rooms', 'zone', 'note', 'sold']);
    expect(column(table, 'id')).toEqual({ type: 'integer', missing: 0, values: [1, 2, 3, 4] });
    expect(column(table, 'area')).toEqual({ type: 'number', missing: 1, values: [10.5, null, -1000, 7] });
    expect(column(table, 'rooms')).toEqual({ type: 'integer', missing: 1, values: [3, 2, null, 5] });
    expect(column(table, 'zone')).toEqual({ type: 'category', missing: 0, values: ['RL', 'RM', 'RL', 'RM'] });
    expect(column(table, 'note')).toEqual({
      type: 'text',
      missing: 1,
      values: ['large, bright', 'old', 'he said "no"', null],
    });
    expect(column(table, 'sold')).toEqual({ type: 'boolean', missing: 1, values: [1, 0, 0, null] });
  });

  it.each([
    ['a byte order mark', '\ufeffa,b\n1,2\n'],
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['old Macintosh line ends', 'a,b\r1,2\r'],
    ['no end of line at the end', 'a,b\n1,2'],
    ['blank lines', '\na,b\n\n1,2\n\n'],
    ['quotes around all, blanks around them', ' "a" , "b"\n "1" ,"2" \n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['bars', 'a|b\n1|2\n'],
  ])('reads a table with %s', (_, text) => {
    const table = parse(text);
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(column(table, 'a').values).toEqual([1]);
    expect(column(table, 'b').values).toEqual([2]);
  });

  it('reads a gzip file', () => {
    expect(parseCsv(gzipSync('a,b\n1,2\n'), 'a.csv.gz')).toEqual(parse('a,b\n1,2\n'));
  });

  it('reads quoted line ends and delimiters as text', () => {
    const table = parse('a;b\n"x;\ny";1\n"z";2\n');
    expect(column(table, 'a').values).toEqual(['x;\ny', 'z']);
    expect(table.delimiter).toBe(';');
  });

  it.each([
    ['decimal commas', 'a;b\n1,5;2\n2,5;3\n', ';'],
    ['commas in a text', 'a\tb\nx, y, z\t1\nu\t2\n', '\t'],
    ['one column', 'a\n1\n2\n', ','],
  ])('guesses the delimiter in spite of %s', (_, text, delimiter) => {
    expect(parse(text).delimiter).toBe(delimiter);
  });

  it.each([
    ['numbers in the first row', '1,2\n3,4\n', false, ['column 1', 'column 2']],
    ['names above numbers', 'x,y\n3,4\n', true, ['x', 'y']],
    ['names above text', 'name,town\nAda,London\nKarl,Jena\n', true, ['name', 'town']],
    ['a first row like the others', 'a,b\nb,b\na,a\n', false, ['column 1', 'column 2']],
    ['a blank name, as pandas writes its index', ',x\n0,4\n', true, ['column 1', 'x']],
    ['a name that comes twice', 'x,x,x\n1,2,3\n', true, ['x', 'x (2)', 'x (3)']],
  ])('guesses the header with %s', (_, text, hasHeader, names) => {
    const table = parse(text);
    expect(table.hasHeader).toBe(hasHeader);
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    expect(table.rowCount).toBe(text.trim().split('\n').length - (hasHeader ? 1 : 0));
  });

  it.each([
    ['integer', '1\n-2\n+3'],
    ['number', '1\n2.5\n.5e-3'],
    ['boolean', 'True\nfalse\nTRUE'],
    ['category', 'a\nb\na\nb'],
    ['category', '007\n007\n012\n012'],
    ['text', 'a\nb\nc'],
    ['text', '1e999\n2\nx'],
    ['number', '9007199254740993\n1'],
    ['text', 'NA\n?\nNaN'],
  ])('guesses %s from %j', (type, cells) => {
    expect(
      parse(
        `value,n\n${cells
          .split('\n')
          .map((cell) => `${cell},1`)
          .join('\n')}\n`,
      ).columns[0]?.type,
    ).toBe(type);
  });

  it('shares one string among equal values of a category', () => {
    const { values } = column(parse(`c,n\n${'red,1\nblue,2\n'.repeat(50)}`), 'c');
    expect(new Set(values).size).toBe(2);
    expect(values).toHaveLength(100);
  });

  it('takes delimiter, header, types and missing values as told', () => {
    const table = parse('a,b;c\n1,2;-\n3,4;x\n', {
      delimiter: ';',
      hasHeader: false,
      types: { 'column 1': 'text' },
      missingTokens: ['-'],
    });
    expect(column(table, 'column 1')).toEqual({ type: 'text', missing: 0, values: ['a,b', '1,2', '3,4'] });
    expect(column(table, 'column 2').values).toEqual(['c', null, 'x']);
    expect(column(parse('k,n\n1,1\n2,2\n', { types: { k: 'category' } }), 'k').values).toEqual(['1', '2']);
    expect(column(parse('k,n\n1,1\n0,2\n', { types: { k: 'boolean' } }), 'k').values).toEqual([1, 0]);
    expect(column(parse('k,n\n1,1\n', { types: { k: 'number' } }), 'k').type).toBe('number');
  });

  it('knows columns named like parts of objects', () => {
    const types: CsvOptions['types'] = Object.fromEntries([['constructor', 'text']]);
    const table = parse('constructor,__proto__\n1,2\n', { types });
    expect(table.columns.map(({ type }) => type)).toEqual(['text', 'integer']);
  });

  it.each([
    ['a row that is short', 'a,b\n1,2\n3\n', 'has 1 values in line 3, and 2 are expected'],
    ['a row that is long', 'a,b\n1,2\n\n3,4,5\n', 'has 3 values in line 4, and 2 are expected'],
    ['a quote that is not closed', 'a,b\n"1,2\n', 'cannot be read as a table (Quote Not Closed'],
    ['text behind a quote', 'a,b\n"1"x,2\n', 'cannot be read as a table (Invalid Closing Quote'],
    ['a header alone', 'a,b\n', 'has a header and no row below it'],
    ['no row', '\n\n', 'has no row'],
    ['zero bytes', 'a,b\n1,\0\n', 'holds zero bytes'],
  ])('refuses %s', async (_, text, expected) => {
    const error = await reject(text);
    expect(error.code).toBe('data-damaged');
    expect(error.message).toContain(`csv reader: a.csv ${expected}`);
  });

  it('refuses text in another encoding', async () => {
    const latin1 = await errorOf(() => parseCsv(Buffer.from('größe\n1\n', 'latin1'), 'a.csv'));
    expect(latin1.message).toContain('is not text in UTF-8; save it as CSV in UTF-8');
    expect((await errorOf(() => parseCsv(Buffer.from('\ufeffa\n1\n', 'utf16le'), 'a.csv'))).code).toBe(
      'data-damaged',
    );
  });

  it.each([
    [{ types: { b: 'integer' } }, 'has "x" in column "b" of line 3, and a whole number is expected'],
    [{ types: { b: 'number' } }, 'and a number is expected'],
    [
      { types: { b: 'boolean' } },
      'has "7" in column "b" of line 2, and true, false, yes, no, 1 or 0 is expected',
    ],
    [{ types: { c: 'text' } }, 'has no column "c", for which a type was given; its columns are a, b'],
  ] as [CsvOptions, string][])('refuses a type that does not fit: %j', async (options, expected) => {
    const error = await reject('a,b\n1,7\n2,x\n', options);
    expect(error.code).toBe('invalid-input');
    expect(error.message).toContain(expected);
  });

  it.each([
    [{ maximumBytes: 10 }, 'has 25 bytes, and at most 10 are read'],
    [{ maximumRows: 2 }, 'has more than 2 rows, and at most 2 are read'],
    [{ maximumColumns: 2 }, 'has 3 columns in line 1, and at most 2 are read'],
    [{ maximumCells: 5 }, 'has 8 delimiters ",", and at most 5 are read'],
    [{ maximumCells: 8 }, 'has more than 8 cells (3 columns), and at most 8 are read'],
    [{ maximumCellCharacters: 1 }, 'has 2 characters in column 3 of line 2, and at most 1 are read'],
    [{ maximumRowBytes: 2 }, 'has a row of more bytes'],
  ])('refuses more than the limit %j', async (limits, expected) => {
    const options = { hasHeader: true, limits: { ...defaultCsvLimits, ...limits } };
    const error = await reject('a,b,c\n1,2,34\n3,4,5\n6,7,8\n', options);
    expect(error.code).toBe('invalid-input');
    expect(error.message).toContain(expected);
  });

  it('stops at a quote that swallows the file', async () => {
    const error = await reject(`a,b\n"1,2\n${'3,4\n'.repeat(2_000_000)}`);
    expect(error.message).toContain('a quote may not be closed');
  });

  it('gives back what was written, whatever the cells are', () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => !text.includes('\0'));
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.constantFrom(',', ';', '\t', '|'),
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        (delimiter, rows) => {
          const text = rows.map((row) => `${row.map(quoted).join(delimiter)}\r\n`).join('');
          const types = { 'column 1': 'text', 'column 2': 'text' } as const;
          const table = parse(text, { delimiter, hasHeader: false, types, missingTokens: [] });
          expect(table.columns[0]?.values).toEqual(rows.map(([first]) => first));
          expect(table.columns[1]?.values).toEqual(rows.map(([, second]) => second));
        },
      ),
    );
  });

  it('survives 10,000 mutated files', async () => {
    const text = '\ufeffid,area,zone,note\n1,10.5,RL,"a, ""b"""\n2,NA,RM,\n3,-1e3,RL,"x\ny"\n4,7,RM,z\n';
    const limits = {
      maximumBytes: 10_000,
      maximumRows: 100,
      maximumColumns: 20,
      maximumCells: 500,
      maximumCellCharacters: 100,
      maximumRowBytes: 500,
    };
    const counts = await fuzzReader({
      originals: [
        Buffer.from(text),
        gzipSync(text),
        Buffer.from(text.replaceAll(',', ';').replaceAll('\n', '\r\n')),
      ],
      headerBytes: 24,
      memoryBytes: 8 * 2 ** 20,
      read: (bytes) => parseCsv(bytes, 'mutated', { limits }),
      check: ({ columns, rowCount }) => {
        expect(columns.every(({ values }) => values.length === rowCount)).toBe(true);
        expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
        expect(rowCount * columns.length).toBeLessThanOrEqual(limits.maximumCells + columns.length);
        for (const { values, missingCount } of columns) {
          expect(
            Array.from<unknown>(values).filter((value) => value === null || Number.isNaN(value)),
          ).toHaveLength(missingCount);
        }
      },
    });
    expect(counts.read).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(1_000);
  });
});

describe('readCsvFile', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'csv-'));
    await writeFile(join(directory, 'a.csv'), 'a,b\n1,2\n');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads a file, and says which is missing or too large', async () => {
    const path = join(directory, 'a.csv');
    expect((await readCsvFile(path)).rowCount).toBe(1);
    const limits = { ...defaultCsvLimits, maximumBytes: 3 };
    expect((await errorOf(() => readCsvFile(path, { limits }))).message).toContain(
      'a.csv has 8 bytes, and at most 3',
    );
    expect((await errorOf(() => readCsvFile(`${path}x`))).code).toBe('not-found');
  });
});

const houses = sharedFile('house-prices/train.csv');

describe.skipIf(houses === null)('the Ames houses', () => {
  it('have the known rows, columns, gaps and prices', async () => {
    const table = await readCsvFile(houses ?? '');
    expect(table.rowCount).toBe(1460);
    expect(table.columns).toHaveLength(81);
    expect(column(table, 'LotFrontage')).toMatchObject({ type: 'integer', missing: 259 });
    expect(column(table, 'GarageYrBlt').missing).toBe(81);
    expect(column(table, 'Alley')).toMatchObject({ type: 'category', missing: 1369 });
    expect(column(table, 'MasVnrArea').missing).toBe(8);
    const prices = column(table, 'SalePrice').values as number[];
    expect(prices.reduce((sum, price) => sum + price, 0) / 1460).toBeCloseTo(180921.1959, 4);
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([34900, 755000]);
  });
});
