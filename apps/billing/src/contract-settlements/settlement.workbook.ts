import { inYuan, workbookOf } from '@doorstep/platform';
import type { Language } from '../papers/words';
import { chinaDay } from '../shared/days';
import { reckoningsOf, type SettlementPaper } from './settlement.paper';
import { SETTLEMENT_WORDS } from './settlement.words';

/** The same parts as the paper, one a sheet. */
export function settlementWorkbook(
  { settlement, head }: SettlementPaper,
  language: Language,
): Promise<Buffer> {
  const say = SETTLEMENT_WORDS[language];
  const { from, to, number, sequence, status, agreedAt, reference, netFen } = settlement;
  const direction = netFen < 0 ? say.fromOperator : say.fromAuthority;
  return workbookOf([
    {
      name: say.cover,
      columns: [say.title, ''],
      rows: [
        [say.number, number ?? say.draft],
        [say.authority, head.authorityName],
        [say.operator, head.operatorName],
        [say.contract, head.contractNumber],
        [say.period, say.span(from, to)],
        [say.sequence, sequence],
        [say.status, say.statuses[status]],
        [say.agreed, agreedAt ? chinaDay(agreedAt) : ''],
        [say.reference, reference ?? ''],
        [direction, inYuan(Math.abs(netFen))],
      ],
    },
    {
      name: say.summary,
      columns: [
        ...[say.kind, say.payer, say.due, say.earlier, say.own, say.change, say.amount, say.concession],
      ],
      rows: settlement.lines.map((line) => [
        ...[say.kinds[line.kind], say.payers[line.payer]],
        ...[line.dueFen, line.earlierFen, line.ownFen, line.changeFen, line.amountFen].map(inYuan),
        inYuan(line.concessionFen),
      ]),
    },
    {
      name: say.detail,
      columns: [say.kind, say.days, say.revision, say.how, say.sum],
      rows: reckoningsOf(settlement, language).map(({ kind, days, revision, how, amountFen }) => [
        ...[kind, days, revision, how, inYuan(amountFen)],
      ]),
    },
  ]);
}
