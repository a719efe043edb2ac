import { Readable } from 'node:stream';
import { encode } from 'iconv-lite';
import { isFormula, readCsv, type TableRow } from './csv.reader';

const layout = { required: ['code', 'name'], optional: ['households'], rowsMax: 3 };

async function read(file: string | Buffer, chunk = 7): Promise<TableRow[]> {
  const bytes = Buffer.from(file);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const rows: TableRow[] = [];
  for await (const row of readCsv(Readable.from(chunks), layout)) rows.push(row);
  return rows;
}

const refusal = (code: string, more: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(more) });

describe('a CSV file', () => {
  it('is read row by row with its lines, however it is cut into chunks', async () => {
    const text = 'code,name\n11, 北京市 \n\n31,"上海\n市"\n';
    for (const chunk of [1, 2, 3, 1000]) {
      expect(await read(text, chunk)).toEqual([
        { line: 2, cells: { code: '11', name: '北京市' } },
        { line: 5, cells: { code: '31', name: '上海\n市' } },
      ]);
    }
  });

  it('may carry a byte order mark and Windows line ends', async () => {
    expect(await read('\uFEFFcode,name\r\n11,北京市\r\n')).toEqual([
      { line: 2, cells: { code: '11', name: '北京市' } },
    ]);
  });

  it('may have its columns in any order, optional ones too', async () => {
    expect((await read('households,name,code\n5,北京市,11\n'))[0].cells).toEqual({
      households: '5',
      name: '北京市',
      code: '11',
    });
  });
});

describe('a broken CSV file', () => {
  it.each([
    ['in GBK', encode('code,name\n11,北京市\n12,天津市\n', 'gbk'), 'file_not_utf8', {}],
    [
      'cut in the middle of a character',
      Buffer.from('code,name\n11,北').subarray(0, -1),
      'file_not_utf8',
      { line: 2 },
    ],
    ['without a column', 'code\n11\n', 'file_columns_wrong', { line: 1 }],
    ['with a column nobody knows', 'code,name,nmae\n11,a,b\n', 'file_columns_wrong', { line: 1 }],
    ['with a column twice', 'code,name,name\n11,a,b\n', 'file_columns_wrong', { line: 1 }],
    ['with a short row', 'code,name\n11,a\n12\n', 'file_unreadable', { line: 3 }],
    ['with a long row', 'code,name\n11,a,b\n', 'file_unreadable', { line: 2 }],
    ['with an open quote', 'code,name\n11,"a\n12,b\n', 'file_unreadable', {}],
    ['with too many rows', 'code,name\n1,a\n2,b\n3,c\n4,d\n', 'file_too_long', { line: 5 }],
    ['with a header only', 'code,name\n', 'file_empty', {}],
    ['with nothing', '', 'file_empty', {}],
  ])('%s', async (_what, file, code, more) => {
    await expect(read(file)).rejects.toThrow(refusal(code, more));
  });
});

describe('cells that a spreadsheet would run', () => {
  it('are told from numbers and text', () => {
    expect(['=1+1', '@SUM(A1)', '+cmd|x', '-2+3', '\t=1'].every(isFormula)).toBe(true);
    expect(['-5', '+8613800000000', '-1.50', '1-2', '北京市', ''].some(isFormula)).toBe(false);
  });
});
