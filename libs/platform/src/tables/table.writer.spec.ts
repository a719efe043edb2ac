import readXlsxFile from 'read-excel-file/node';
import { csvOf, inYuan, type Table, xlsxOf } from './table.writer';

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

describe('amounts of money', () => {
  const bill: Table = { name: 'bill', columns: ['paid', 'owed'], rows: [[inYuan(106_910), inYuan(null)]] };

  it('are yuan with two decimals in CSV, numbers in a workbook, and nothing where there is none', async () => {
    expect(csvOf(bill).toString('utf8')).toBe('\uFEFFpaid,owed\r\n1069.10,\r\n');
    const [{ data }] = await readXlsxFile(await xlsxOf(bill));
    expect(data[1]).toEqual([1069.1, null]);
  });
});
