import { formatYuan, sumFen, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { ZONE } from '../day';
import type { FrontEnd } from '../front-end';
import { ACCOUNT_NO, openColleague } from './bank';
import { bankStatement, type BankEntry } from './bank-papers';
import type { Chapter, Stage, Told } from './chapter';
import { contractMoneyChecks } from './contract-money-checks';

export interface Settlement {
  id: string;
  number: string;
  period: string;
  status: string;
  netFen: Fen;
  lines: { kind: string; amountFen: Fen }[];
}

/** The year so far between authority and operator: drawn by one, agreed by another, paid from the bank account. */
export const contractMoney: Chapter = {
  title: 'contract money',
  async play(stage: Stage): Promise<Told> {
    const { scene, day, clock } = stage;
    const { contractId } = scene;
    const cashier = await openColleague(stage, 'cashier@chain.example', '赵出纳');
    const settlements: Settlement[] = [];
    for (const period of monthsUpTo(day))
      settlements.push(await settle(scene.owner, cashier, contractId, period));
    const today = DateTime.fromJSDate(clock.now(), { zone: ZONE }).toISODate() as string;
    await pay(scene.owner, today, settlements);
    const settled = await scene.owner.all<Settlement>(
      `/v1/contract-settlements?contractId=${contractId}&status=settled`,
    );
    const { differenceFen } = await scene.owner.get<{ differenceFen: Fen }>(
      `/v1/reports/ties?period=${today.slice(0, 7)}&contractId=${contractId}`,
    );
    const sums = sumsOf(settlements);
    const netFen = sumFen(settlements.map((each) => each.netFen));
    const paper = await scene.owner.text(
      `/v1/contract-settlements/${settlements[settlements.length - 1].id}/paper?format=pdf`,
    );
    const said = Object.entries(sums).map(([kind, fen]) => `${kind.replace('_', ' ')} ${formatYuan(fen)}`);
    return {
      report: {
        contractSettlement: { months: settlements.length, netFen, lines: sums, settled: settled.length },
      },
      rows: [['Contract', `${settlements.length} months settled with the authority · ${said.join(' · ')}`]],
      checks: await contractMoneyChecks(stage, {
        ...{ contractId, day, sums, netFen, months: settlements.length, settled: settled.length },
        ...{ differenceFen, paper },
      }),
    };
  },
};

/** From January to the month of the played day, which the bank has closed, and those before it with it. */
function monthsUpTo(day: string): string[] {
  const [year, month] = day.split('-').map(Number);
  return Array.from({ length: month }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
}

async function settle(
  owner: FrontEnd,
  cashier: FrontEnd,
  contractId: string,
  period: string,
): Promise<Settlement> {
  const { id } = await cashier.post<Settlement>('/v1/contract-settlements', { contractId, period });
  const reference = `街道确认 ${period}`;
  return owner.post<Settlement>(`/v1/contract-settlements/${id}/agree`, { reference });
}

/** The operator's transfers, each with the settlement's number. */
async function pay(owner: FrontEnd, day: string, settlements: readonly Settlement[]): Promise<void> {
  const accounts = await owner.all<{ id: string; accountNo: string }>('/v1/statement-accounts');
  const accountId = accounts.find(({ accountNo }) => accountNo === ACCOUNT_NO)?.id;
  const statements = await owner.all<{ closingFen: Fen }>(`/v1/account-statements?accountId=${accountId}`);
  const openingFen = statements[statements.length - 1].closingFen;
  const entries = settlements
    .filter(({ netFen }) => netFen !== 0)
    .map(({ number, netFen }): BankEntry => ({
      day,
      fen: netFen,
      name: '街道办事处',
      text: `合同结算 ${number}`,
    }));
  const xml = bankStatement(ACCOUNT_NO, { from: `${day.slice(0, 8)}01`, to: day, openingFen }, entries);
  await owner.upload(`/v1/statement-files?accountId=${accountId}`, xml);
  await owner.post('/v1/statement-matches', { accountId });
}

function sumsOf(settlements: readonly Settlement[]): Record<string, Fen> {
  const sums: Record<string, Fen> = {};
  for (const { kind, amountFen } of settlements.flatMap(({ lines }) => lines))
    sums[kind] = (sums[kind] ?? 0) + amountFen;
  return sums;
}
