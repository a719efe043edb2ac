import { Readable } from 'node:stream';
import writeXlsxFile from 'write-excel-file/node';
import type { TableRow } from './csv.reader';
import { xlsxOf } from './table.writer';
import { formulasOf } from './workbook.reader';
import { readXlsx } from './xlsx.reader';

const layout = { required: ['code', 'name'], optional: ['area'], rowsMax: 3 };

async function read(bytes: Buffer): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of readXlsx(Readable.from([bytes]), layout)) rows.push(row);
  return rows;
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('a workbook', () => {
  it('is read row by row, numbers as text, blank lines left out', async () => {
    const rows = [
      [310101013001, '外滩', 80.5],
      [null, null, null],
      ['00012', '北京', null],
    ];
    expect(await read(await xlsxOf({ name: 'sites', columns: ['code', 'name', 'area'], rows }))).toEqual([
      { line: 2, cells: { code: '310101013001', name: '外滩', area: '80.5' } },
      { line: 4, cells: { code: '00012', name: '北京', area: '' } },
    ]);
  });
});

describe('a broken workbook', () => {
  it.each([
    ['that is a text file', Buffer.from('code,name\n1,a\n'), 'file_unreadable'],
    ['that is nothing', Buffer.alloc(0), 'file_unreadable'],
  ])('%s', async (_what, bytes, code) => {
    await expect(read(bytes)).rejects.toThrow(refusal(code));
  });

  it('cut off in the middle', async () => {
    const bytes = await xlsxOf({ name: 'x', columns: ['code', 'name'], rows: [['a', 'b']] });
    await expect(read(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(refusal('file_unreadable'));
    const garbled = Buffer.from(bytes);
    garbled.fill(7, 40, garbled.indexOf(Buffer.from([0x50, 0x4b, 1, 2])));
    await expect(read(garbled)).rejects.toThrow(refusal('file_unreadable'));
  });

  it('with other columns, no rows, too many', async () => {
    const book = (columns: string[], rows: string[][]) => xlsxOf({ name: 'x', columns, rows });
    await expect(read(await book(['id'], [['1']]))).rejects.toThrow(refusal('file_columns_wrong'));
    await expect(read(await book(['code', 'name'], []))).rejects.toThrow(refusal('file_empty'));
    const four = Array.from({ length: 4 }, () => ['1', 'a']);
    await expect(read(await book(['code', 'name'], four))).rejects.toThrow(refusal('file_too_long'));
  });

  it('with formulas in its first sheet, cell by cell', async () => {
    const text = { type: String };
    const header = ['code', 'name'].map((value) => ({ value, ...text }));
    const rows = [
      [
        { value: 'a', ...text },
        { value: 'A1&"x"', type: 'Formula' as const },
      ],
    ];
    const formulas = await writeXlsxFile([header, ...rows]).toBuffer();
    await expect(read(formulas)).rejects.toMatchObject({
      code: 'file_has_formulas',
      details: { errors: [{ field: 'file:2.B' }] },
    });
  });

  it('that would fill the memory when unpacked, whatever its directory says', async () => {
    const bytes = await xlsxOf({ name: 'x', columns: ['code', 'name'], rows: [['a', 'b'.repeat(5000)]] });
    await expect(formulasOf(bytes, 4000)).rejects.toThrow(refusal('file_too_large'));
    const lying = Buffer.from(bytes);
    lying.writeUInt32LE(1, lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    await expect(read(lying)).rejects.toThrow(refusal('file_unreadable'));
  });
});
