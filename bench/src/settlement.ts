import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@doorstep/kernel';
import { type Actor, IDENTITY_HEADER } from '@doorstep/platform';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { request } from 'undici';
import { type Measurement, residentMb, round } from './measure';
import { type BenchStack, openServiceDatabase, type ServiceProcess, startService } from './service-process';

const DAY = '2026-11-02';
const MERCHANT = '1900000109';
/** A million lines take minutes on a busy machine. */
const ANSWER_MS_MAX = 900_000;

const operatorId = newId();
const finance: Actor = {
  id: newId(),
  kind: 'person',
  organisationId: operatorId,
  operatorId,
  regionPrefix: null,
  roles: ['finance'],
};

/**
 * A WeChat Pay bill of a million lines, uploaded to a billing service in a process of its own and reconciled with a
 * million payments. Beside it: the same file brought in by COPY, all of its columns as the text they are, and joined with the
 * same payments by number and amount; the pairs kept in a table with the same keys on lines and payments, and what is left
 * over on either side counted. By hand nothing is checked, typed, kept as an original, named or booked, and nobody else's
 * rows have to be kept apart. A ratio of 0.5 is twice as long as by hand.
 */
export async function benchSettlement(stack: BenchStack, lines: number): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const database = await openServiceDatabase(stack, 'billing');
  try {
    const bill = join(folder, 'bill.csv');
    await writeBill(bill, lines);
    await recordPayments(database.ownerUrl, lines);
    const byHand = await importByHand(database.ownerUrl, bill, lines);
    const storage = join(folder, 'files');
    await mkdir(storage);
    const service = await startService(stack, 'billing', database.appUrl, { STORAGE_DIR: storage });
    try {
      return measurements(lines, byHand, await importByService(service, bill, lines));
    } finally {
      await service.stop();
    }
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Took {
  importMs: number;
  matchMs: number;
}

interface ServiceTook extends Took {
  memoryMb?: number;
  progressSeen: number;
}

function measurements(lines: number, hand: Took, service: ServiceTook): Measurement[] {
  const rate = (ms: number): number => round(lines / (ms / 1000), 0);
  const one = (
    name: string,
    handMs: number,
    serviceMs: number,
    details: Measurement['details'],
  ): Measurement => ({
    name,
    value: rate(serviceMs),
    unit: 'lines/s',
    floor: rate(handMs),
    ratio: round(handMs / serviceMs, 3),
    details: { seconds: round(serviceMs / 1000, 1), byHandSeconds: round(handMs / 1000, 1), ...details },
  });
  const { memoryMb, progressSeen } = service;
  return [
    one(
      `import and reconcile ${lines} lines`,
      hand.importMs + hand.matchMs,
      service.importMs + service.matchMs,
      {
        ...(memoryMb !== undefined && { memoryMb }),
        progressSeen,
      },
    ),
    one('… of it: import', hand.importMs, service.importMs, {}),
    one('… of it: reconcile', hand.matchMs, service.matchMs, {}),
  ];
}

const COLUMNS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';

const orderNo = (n: number): string => `DS${DAY.replaceAll('-', '')}${String(n).padStart(8, '0')}`;

async function writeBill(path: string, lines: number): Promise<void> {
  const clock = (n: number): string =>
    new Date(Date.parse(`${DAY}T00:00:00Z`) + (n % 86_400) * 1000).toISOString().slice(11, 19);
  const line = (n: number): string =>
    `\`${DAY} ${clock(n)},\`wx8888888888888888,\`${MERCHANT},\`0,\`S-${n % 500},\`42000020261102${String(n).padStart(14, '0')},` +
    `\`${orderNo(n)},\`oUser${n % 70_000},\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,\`18.00,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`社区午餐,\`,\`0.11000,` +
    '`0.60%,`18.00,`0.00,`\r\n';
  const chunks = function* (): Generator<string> {
    yield `${COLUMNS}\r\n`;
    let text = '';
    for (let n = 1; n <= lines; n++) {
      text += line(n);
      if (text.length > 262_144) {
        yield text;
        text = '';
      }
    }
    yield text;
    yield '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n';
    yield `\`${lines},\`${lines * 18}.00,\`0.00,\`0.00,\`${lines * 0.11}.00000,\`${lines * 18}.00,\`0.00\r\n`;
  };
  await pipeline(Readable.from(chunks()), createWriteStream(path));
}

/** As many payments, as if a front-end had recorded each. */
async function recordPayments(ownerUrl: string, lines: number): Promise<void> {
  await withOwner(ownerUrl, async (owner) => {
    await owner.query(
      `INSERT INTO payment (id, operator_id, contract_id, channel, merchant_order_no, amount_fen, paid_at, recorded_by, recorded_at)
       SELECT uuidv7(), $1, $2, 'wechat', 'DS${DAY.replaceAll('-', '')}' || lpad(n::text, 8, '0'), 1800,
              timestamptz '${DAY} 00:00:00+08' + (n % 86400) * interval '1 second', $3, now()
       FROM generate_series(1, ${lines}) AS n`,
      [operatorId, newId(), finance.id],
    );
    await owner.query('VACUUM ANALYZE payment');
  });
}

/** What somebody with psql would do: COPY the file, join it, keep the pairs, count what is left over on either side. */
async function importByHand(ownerUrl: string, bill: string, lines: number): Promise<Took> {
  return withOwner(ownerUrl, async (owner) => {
    const columns = Array.from({ length: 27 }, (_, i) => `c${i + 1} text`).join(', ');
    await owner.query(
      `CREATE TABLE by_hand_line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${columns})`,
    );
    await owner.query(
      'CREATE TABLE by_hand_match (line_id bigint PRIMARY KEY, payment_id uuid UNIQUE, amount_fen bigint)',
    );
    await owner.query(`SET work_mem = '128MB'`);
    const began = performance.now();
    const names = Array.from({ length: 27 }, (_, i) => `c${i + 1}`).join(', ');
    await pipeline(
      createReadStream(bill),
      withoutSummary(1 + lines),
      owner.query(copyFrom(`COPY by_hand_line (${names}) FROM STDIN (FORMAT csv, HEADER)`)),
    );
    const importMs = performance.now() - began;
    const joined = performance.now();
    await owner.query(
      `INSERT INTO by_hand_match (line_id, payment_id, amount_fen)
       SELECT line.id, payment.id, payment.amount_fen FROM by_hand_line AS line
       JOIN payment ON payment.channel = 'wechat' AND payment.merchant_order_no = ltrim(line.c7, '\`')
         AND payment.amount_fen = (ltrim(line.c13, '\`')::numeric * 100)::bigint`,
    );
    for (const left of [
      'SELECT count(*) FROM by_hand_line WHERE NOT EXISTS (SELECT FROM by_hand_match WHERE line_id = by_hand_line.id)',
      'SELECT count(*) FROM payment WHERE NOT EXISTS (SELECT FROM by_hand_match WHERE payment_id = payment.id)',
    ]) {
      const { rows } = await owner.query<{ count: string | number }>(left);
      if (Number(rows[0].count) !== 0) throw new Error(`by hand, ${rows[0].count} were left over`);
    }
    const matchMs = performance.now() - joined;
    await owner.query('DROP TABLE by_hand_match, by_hand_line');
    return { importMs, matchMs };
  });
}

/** The file up to its last data line: plain COPY can't read the summary, which has other columns. */
function withoutSummary(lines: number) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let seen = 0;
    for await (const chunk of chunks) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0 && seen < lines; at = chunk.indexOf(10, at + 1)) {
        seen++;
        from = at + 1;
      }
      yield seen < lines ? chunk : chunk.subarray(0, from);
      if (seen >= lines) return;
    }
  };
}

async function importByService(service: ServiceProcess, bill: string, lines: number): Promise<ServiceTook> {
  const identity = (): Promise<string> => service.identity(finance);
  const progressId = newId();
  let [memoryMb, progressSeen, watching]: [number | undefined, number, boolean] = [undefined, 0, true];
  const watch = (async () => {
    const seen = new Set<string>();
    while (watching) {
      const now = await residentMb(service.pid);
      if (now !== undefined) memoryMb = Math.max(memoryMb ?? 0, now);
      const answer = await request(`${service.url}/v1/settlement-files/progress/${progressId}`, {
        headers: { [IDENTITY_HEADER]: await identity() },
      });
      if (answer.statusCode === 200) seen.add(await answer.body.text());
      else await answer.body.dump();
      progressSeen = seen.size;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  try {
    const began = performance.now();
    const uploaded = await send(
      `${service.url}/v1/settlement-files?channel=wechat&progressId=${progressId}`,
      {
        body: createReadStream(bill),
        headers: {
          'content-type': 'text/csv',
          'content-length': String((await stat(bill)).size),
          [IDENTITY_HEADER]: await identity(),
        },
      },
    );
    const importMs = performance.now() - began;
    const matching = performance.now();
    const outcome = await send(`${service.url}/v1/reconciliations`, {
      body: JSON.stringify({ settlementFileId: uploaded.id, progressId }),
      headers: { 'content-type': 'application/json', [IDENTITY_HEADER]: await identity() },
    });
    const matchMs = performance.now() - matching;
    if (outcome.matched !== lines) throw new Error(`only ${String(outcome.matched)} lines were matched`);
    return { importMs, matchMs, memoryMb, progressSeen };
  } finally {
    watching = false;
    await watch;
  }
}

async function send(
  url: string,
  { body, headers }: { body: string | Readable; headers: Record<string, string> },
): Promise<{ id: string; matched?: number }> {
  const answer = await request(url, {
    method: 'POST',
    body,
    headers,
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: ANSWER_MS_MAX,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
  return JSON.parse(text) as { id: string; matched?: number };
}

async function withOwner<T>(ownerUrl: string, work: (owner: Client) => Promise<T>): Promise<T> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`SELECT set_config('app.operator_id', '*', false)`);
    return await work(owner);
  } finally {
    await owner.end();
  }
}
