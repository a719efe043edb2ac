import { newId } from '@doorstep/kernel';
import { aFunder, pdfText, wholeFile } from '@doorstep/testing';
import readXlsxFile from 'read-excel-file/node';
import {
  aResident,
  type Billing,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';

const MEALS = 45;
let billing: Billing;
let claimId: string;

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await setProgramme(billing);
  const people = Array.from({ length: MEALS }, () => aResident(billing.scene));
  const bookings = people.map(({ residentId }) => held(billing.scene, residentId));
  await billing.deliver(...people);
  await billing.deliver(...bookings);
  await billing.deliver(...bookings.map((booking) => delivered(booking)));
  const finance = billing.as(billing.finance);
  const { funderId, contractId } = billing.scene;
  const wanted = { funderId, contractId, period: DAY.slice(0, 7) };
  claimId = (await finance.post('/v1/claims').send(wanted).expect(201)).body.id;
  await finance.post(`/v1/claims/${claimId}/submit`).expect(200);
  const { body: lines } = await finance.get(`/v1/claims/${claimId}/lines?limit=1`).expect(200);
  const [line] = lines.items;
  const cut = { lineId: line.id, outcome: 'cut', acceptedFen: 150, code: 'late', reason: '材料逾期' };
  await finance
    .post(`/v1/claims/${claimId}/answer`)
    .send({ lines: [cut], acceptRest: true })
    .expect(200);
  await finance.post(`/v1/claim-lines/${line.id}/object`).send({ reply: '附签到记录' }).expect(200);
});
afterAll(() => billing?.stop());

async function pack(format: string, language = 'zh-CN'): Promise<Buffer> {
  const { body } = await billing
    .as(aFunder(billing.scene.funderId))
    .get(`/v1/claims/${claimId}/pack?format=${format}&language=${language}`)
    .buffer(true)
    .parse(wholeFile)
    .expect(200);
  return body as Buffer;
}

describe('the claim pack', () => {
  it('as a workbook has its parts in order, every line with its evidence, and sums that tie', async () => {
    const sheets = await readXlsxFile(await pack('xlsx'));
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['封面', '按项目与站点汇总', '申请明细', '核减与答复']);
    const [cover, summary, detail, cuts] = sheets.map(({ data }) => data);
    const total = (rows: unknown[][], column: number) =>
      Math.round(rows.slice(1).reduce((sum, row) => sum + Number(row[column]) * 100, 0));
    const stated = (label: string) => Number(cover.find(([name]) => name === label)?.[1]) * 100;
    expect(cover[1]).toEqual(['申请编号', `CL-${DAY.slice(0, 4)}-000001`]);
    expect(detail).toHaveLength(1 + MEALS);
    expect(total(detail, 13)).toBe(MEALS * 200);
    expect([total(summary, 6), stated('申请金额')]).toEqual([MEALS * 200, MEALS * 200]);
    expect([stated('核定金额'), stated('核减金额')]).toEqual([MEALS * 200 - 50, 50]);
    expect(detail.slice(1).every((row) => row[8] === '签到' && String(row[9]).length === 36)).toBe(true);
    expect(cuts[1]).toEqual(expect.arrayContaining(['核减', 'late', '材料逾期', '附签到记录', '已申辩']));
  });

  it('as a paper says the same, page by page', async () => {
    const pdf = await pack('pdf');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const text = await pdfText(pdf);
    const found = ['补贴结算申请', 'CL-2026-000001', '市民政局', '¥ 89.50', '人民币玖拾元整', '附签到记录'];
    for (const word of found) expect(text.replace(/\s+/g, ' ')).toContain(word);
    expect(text.match(/2026-11-02 .*签到 [0-9a-f]{12} +2\.00/g)).toHaveLength(MEALS);
  });

  it('speaks English too, and is nobody else’s', async () => {
    expect((await pack('pdf', 'en')).length).toBeGreaterThan(10_000);
    const stranger = billing.as(aFunder(newId()));
    await stranger.get(`/v1/claims/${claimId}/pack?format=pdf`).expect(404);
    await billing.as(billing.finance).get(`/v1/claims/${claimId}/pack?format=doc`).expect(400);
  });
});
