import type { Fen } from '@doorstep/kernel';
import { inYuan, workbookOf, type Table } from '@doorstep/platform';
import { kindWord, monthWord, timeWord, type Language } from '../papers/words';
import type { Pack } from './pack.paper';
import type { PackLine } from './pack.queries';
import { PACK_WORDS } from './pack.words';

/** The same parts as the paper, one a sheet, with every line and every reference in full. */
export function packWorkbook(pack: Pack, language: Language): Promise<Buffer> {
  return workbookOf([
    cover(pack, language),
    summary(pack, language),
    detail(pack, language),
    cuts(pack, language),
  ]);
}

function cover({ claim, head, groups }: Pack, language: Language): Table {
  const say = PACK_WORDS[language];
  const total = (of: (group: Pack['groups'][number]) => Fen) =>
    groups.reduce((sum, group) => sum + of(group), 0);
  return {
    name: say.cover,
    columns: [say.title, ''],
    rows: [
      [say.number, claim.number ?? say.draft],
      [say.of, head.operatorName],
      [say.to, head.funderName],
      [say.contract, head.contractNumber],
      [say.period, monthWord(claim.period, language)],
      [say.sequence, claim.sequence],
      [say.status, say.statuses[claim.status]],
      [say.submitted, claim.submittedAt ? timeWord(claim.submittedAt) : ''],
      [say.lines, claim.lines],
      [say.amount, inYuan(claim.amountFen)],
      [say.accepted, inYuan(total(({ acceptedFen }) => acceptedFen))],
      [say.cut, inYuan(total(({ cutFen }) => cutFen))],
      [say.remitted, inYuan(total(({ remittedFen }) => remittedFen))],
    ],
  };
}

function summary({ groups }: Pack, language: Language): Table {
  const say = PACK_WORDS[language];
  return {
    name: say.summary,
    columns: [
      ...[say.programme, '', say.site, '', say.residents, say.lines],
      ...[say.amount, say.accepted, say.cut, say.remitted],
    ],
    rows: groups.map((group) => [
      ...[group.programmeCode, group.programme, group.siteCode, group.site, group.residents, group.lines],
      ...[group.amountFen, group.acceptedFen, group.cutFen, group.remittedFen].map(inYuan),
    ]),
  };
}

function detail({ lines }: Pack, language: Language): Table {
  const say = PACK_WORDS[language];
  return {
    name: say.detail,
    columns: [
      ...[say.place, say.lineId, say.programme, say.site, say.day, say.service, say.minutes, say.resident],
      ...[say.evidence, say.reference, say.submitted, say.grounds, say.basis, say.amount],
    ],
    rows: lines.map((line) => [
      ...[line.place, line.id, line.programmeCode, line.site || line.siteCode, line.serviceDay],
      ...[kindWord(line.kind, language), line.minutes, line.residentId],
      ...[
        say.proofs[line.evidence ?? ''] ?? '',
        line.bookingId,
        line.deliveredAt ? timeWord(line.deliveredAt) : '',
      ],
      ...[line.grounds, say.bases[line.basis], inYuan(line.amountFen)],
    ]),
  };
}

/** Its headings are those that an answer is read by, so a funder can fill it in and send it back. */
function cuts({ lines }: Pack, language: Language): Table {
  const say = PACK_WORDS[language];
  const shown = (line: PackLine) =>
    (line.answer !== null && line.answer !== 'accepted') || line.reply !== null;
  return {
    name: say.cuts,
    columns: [
      say.place,
      say.lineId,
      say.amount,
      say.accepted,
      say.outcome,
      say.code,
      say.reason,
      say.reply,
      say.end,
    ],
    rows: lines
      .filter(shown)
      .map((line) => [
        ...[line.place, line.id, inYuan(line.amountFen), inYuan(line.acceptedFen)],
        ...[say.answers[line.answer ?? ''] ?? '', line.answerCode ?? '', line.answerReason ?? ''],
        ...[line.reply ?? '', say.ends[line.cutEnd ?? ''] ?? ''],
      ]),
  };
}
