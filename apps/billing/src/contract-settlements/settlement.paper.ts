import { Paper } from '../papers/paper.writer';
import { capitalYuan, yuan, type Language } from '../papers/words';
import { chinaDay } from '../shared/days';
import type { SettlementDto, SettlementLineDto } from './contract-settlements.dto';
import { SETTLEMENT_WORDS } from './settlement.words';

export interface SettlementPaper {
  settlement: SettlementDto;
  head: { operatorName: string; authorityName: string; contractNumber: string };
}

/** How one amount of a line comes about. */
export interface Reckoning {
  kind: string;
  days: string;
  how: string;
  revision: string;
  amountFen: number;
}

/** Each part of each line, and what earlier days have become since. */
export function reckoningsOf({ lines }: Pick<SettlementDto, 'lines'>, language: Language): Reckoning[] {
  const say = SETTLEMENT_WORDS[language];
  return lines.flatMap((line: SettlementLineDto) => [
    ...line.parts.map((part) => ({
      ...{ kind: say.kinds[line.kind], days: say.span(part.from, part.to), how: say.part(part) },
      ...{ revision: String(part.revision), amountFen: part.amountFen },
    })),
    ...(line.changeFen === 0
      ? []
      : [
          {
            ...{ kind: say.kinds[line.kind], days: say.change, how: say.changed(line) },
            ...{ revision: '', amountFen: line.changeFen },
          },
        ]),
  ]);
}

/** The settlement as both parties read and sign it. */
export async function settlementPaper(
  { settlement, head }: SettlementPaper,
  language: Language,
  at: Date,
): Promise<Buffer> {
  const say = SETTLEMENT_WORDS[language];
  const number = settlement.number ?? `${say.draft} ${settlement.period} · ${settlement.sequence}`;
  const title = `${say.title} ${number}`;
  const paper = new Paper(
    { left: `${head.operatorName} · ${title}`, page: say.page },
    { title, author: head.operatorName, at },
  );
  paper.heading({
    ...{ issuer: head.operatorName, sub: `${say.contract} ${head.contractNumber}` },
    ...{ title: say.title, number },
  });
  paper.facts([
    { label: say.authority, value: head.authorityName },
    { label: say.operator, value: head.operatorName },
    { label: say.contract, value: head.contractNumber },
    { label: say.period, value: say.span(settlement.from, settlement.to) },
    { label: say.sequence, value: String(settlement.sequence) },
    { label: say.status, value: say.statuses[settlement.status] },
    { label: say.agreed, value: settlement.agreedAt ? chinaDay(settlement.agreedAt) : '—' },
    { label: say.reference, value: settlement.reference ?? '—' },
  ]);
  await summary(paper, settlement, language);
  await detail(paper, settlement, language);
  paper.paragraph(say.unit, { grey: true });
  paper.paragraph(say.signed, { gap: 18 });
  return paper.bytes();
}

async function summary(paper: Paper, { lines, netFen }: SettlementDto, language: Language): Promise<void> {
  const say = SETTLEMENT_WORDS[language];
  paper.section(say.summary);
  if (lines.length === 0) paper.paragraph(say.none, { grey: true });
  else
    await paper.table(
      [
        { title: say.kind, share: 0.16, value: ({ kind }) => say.kinds[kind] },
        { title: say.payer, share: 0.08, value: ({ payer }) => say.payers[payer] },
        { title: say.due, share: 0.14, align: 'right', value: ({ dueFen }) => yuan(dueFen) },
        { title: say.earlier, share: 0.14, align: 'right', value: ({ earlierFen }) => yuan(earlierFen) },
        { title: say.own, share: 0.13, align: 'right', value: ({ ownFen }) => yuan(ownFen) },
        { title: say.change, share: 0.11, align: 'right', value: ({ changeFen }) => yuan(changeFen) },
        { title: say.amount, share: 0.13, align: 'right', value: ({ amountFen }) => yuan(amountFen) },
        {
          ...{ title: say.concession, share: 0.11, align: 'right' as const },
          value: ({ concessionFen }) => (concessionFen === 0 ? '' : yuan(concessionFen)),
        },
      ],
      lines,
      30,
    );
  const direction = netFen < 0 ? say.fromOperator : say.fromAuthority;
  paper.sums([{ label: direction, value: `¥ ${yuan(Math.abs(netFen))}` }]);
  if (language === 'zh-CN')
    paper.paragraph(`${direction}${say.inCapitals}：${capitalYuan(Math.abs(netFen))}`);
}

async function detail(paper: Paper, settlement: SettlementDto, language: Language): Promise<void> {
  const say = SETTLEMENT_WORDS[language];
  const rows = reckoningsOf(settlement, language);
  if (rows.length === 0) return;
  paper.section(say.detail);
  await paper.table(
    [
      { title: say.kind, share: 0.18, value: ({ kind }) => kind },
      { title: say.days, share: 0.28, value: ({ days }) => days },
      { title: say.revision, share: 0.08, value: ({ revision }) => revision },
      { title: say.how, share: 0.3, value: ({ how }) => how },
      { title: say.sum, share: 0.16, align: 'right', value: ({ amountFen }) => yuan(amountFen) },
    ],
    rows,
  );
}
