import readXlsxFile from 'read-excel-file/node';
import { csvOf, type Table, xlsxOf } from './table.writer';

const table: Table = {
  name: 'coverage',
  columns: ['code', 'name', 'share', 'covered'],
  rows: [
    ['310101013001', '外滩, "社区"', -0.5, true],
    ['310101013002', '=HYPERLINK("http://x")', null, false],
    ['310101013003', '-1+2', 3, false],
  ],
};

describe('a table as CSV', () => {
  it('is what spreadsheets open without asking, and runs nothing in them', () => {
    expect(csvOf(table).toString('utf8')).toBe(
      [
        '\uFEFFcode,name,share,covered',
        '310101013001,"外滩, ""社区""",-0.5,true',
        `310101013002,"'=HYPERLINK(""http://x"")",,false`,
        `310101013003,'-1+2,3,false`,
        '',
      ].join('\r\n'),
    );
  });
});

describe('a table as a workbook', () => {
  it('keeps numbers as numbers and text as text', async () => {
    const [{ sheet, data }] = await readXlsxFile(await xlsxOf(table));
    expect(sheet).toBe('coverage');
    expect(data).toEqual([
      ['code', 'name', 'share', 'covered'],
      ['310101013001', '外滩, "社区"', -0.5, true],
      ['310101013002', '=HYPERLINK("http://x")', null, false],
      ['310101013003', '-1+2', 3, false],
    ]);
  });
});
