import { sumFen } from '@doorstep/kernel';
import { Paper } from '../papers/paper.writer';
import { capitalYuan, kindWord, monthWord, timeWord, yuan, type Language } from '../papers/words';
import type { ClaimRow } from './claims.queries';
import type { PackGroup, PackHead, PackLine } from './pack.queries';
import { PACK_WORDS } from './pack.words';

export interface Pack {
  claim: ClaimRow;
  head: PackHead;
  groups: readonly PackGroup[];
  lines: readonly PackLine[];
}

/** Setting more pages than this helps nobody; the XLSX has every line. */
export const PAPER_LINES_MAX = 2_000;

type Words = (typeof PACK_WORDS)[Language];

/** The claim as an auditor reads it: cover with totals, summary, lines with their evidence, cuts and replies. */
export async function packPaper(pack: Pack, language: Language, at: Date): Promise<Buffer> {
  const say = PACK_WORDS[language];
  const { claim, head } = pack;
  const number = claim.number ?? `${say.draft} ${claim.period} · ${claim.sequence}`;
  const title = `${say.title} ${number}`;
  const paper = new Paper(
    { left: `${head.operatorName} · ${title}`, page: say.page },
    { title, author: head.operatorName, at },
  );
  cover(paper, pack, language, number);
  await summary(paper, pack, say);
  paper.page();
  await detail(paper, pack, language);
  await cuts(paper, pack, say);
  return paper.bytes();
}

function cover(paper: Paper, { claim, head, groups }: Pack, language: Language, number: string): void {
  const say = PACK_WORDS[language];
  paper.heading({
    ...{ issuer: head.operatorName, sub: `${say.contract} ${head.contractNumber}` },
    ...{ title: say.title, number },
  });
  paper.facts([
    { label: say.to, value: head.funderName },
    { label: say.of, value: head.operatorName },
    { label: say.contract, value: head.contractNumber },
    { label: say.period, value: monthWord(claim.period, language) },
    { label: say.sequence, value: String(claim.sequence) },
    { label: say.status, value: say.statuses[claim.status] },
    { label: say.submitted, value: claim.submittedAt ? timeWord(claim.submittedAt) : '—' },
    { label: say.lines, value: String(claim.lines) },
  ]);
  const total = (of: (group: PackGroup) => number) => sumFen(groups.map(of));
  const accepted = total(({ acceptedFen }) => acceptedFen);
  const remitted = total(({ remittedFen }) => remittedFen);
  const answered = claim.status === 'answered' || claim.status === 'settled';
  const claimed = { label: say.amount, value: yuan(claim.amountFen) };
  paper.sums(
    answered
      ? [
          claimed,
          { label: say.cut, value: yuan(-total(({ cutFen }) => cutFen)) },
          { label: say.accepted, value: yuan(accepted) },
          { label: say.remitted, value: yuan(-remitted) },
          { label: say.open, value: `¥ ${yuan(accepted - remitted)}` },
        ]
      : [{ ...claimed, value: `¥ ${claimed.value}` }],
  );
  if (language === 'zh-CN') paper.paragraph(`${say.amount}（大写）：${capitalYuan(claim.amountFen)}`);
  paper.paragraph(say.signed, { gap: 18 });
}

async function summary(paper: Paper, { groups }: Pack, say: Words): Promise<void> {
  paper.section(say.summary);
  await paper.table(
    [
      { title: say.programme, share: 0.25, value: (group) => `${group.programmeCode} ${group.programme}` },
      { title: say.site, share: 0.23, value: (group) => `${group.siteCode} ${group.site}` },
      { title: say.residents, share: 0.08, align: 'right', value: (group) => String(group.residents) },
      { title: say.lines, share: 0.08, align: 'right', value: (group) => String(group.lines) },
      { title: say.amount, share: 0.12, align: 'right', value: (group) => yuan(group.amountFen) },
      { title: say.accepted, share: 0.12, align: 'right', value: (group) => yuan(group.acceptedFen) },
      { title: say.cut, share: 0.12, align: 'right', value: (group) => yuan(group.cutFen) },
    ],
    groups,
  );
}

async function detail(paper: Paper, { claim, lines }: Pack, language: Language): Promise<void> {
  const say = PACK_WORDS[language];
  paper.section(say.detail);
  await paper.table(
    [
      { title: say.place, share: 0.06, value: (line) => String(line.place) },
      { title: say.day, share: 0.11, value: (line) => line.serviceDay },
      { title: say.programme, share: 0.14, value: (line) => line.programmeCode },
      { title: say.site, share: 0.13, value: (line) => line.site || line.siteCode },
      { title: say.service, share: 0.11, value: (line) => kindWord(line.kind, language) },
      { title: say.resident, share: 0.15, value: (line) => line.residentId.slice(-12) },
      {
        ...{ title: say.evidence, share: 0.18 },
        value: (line) => `${say.proofs[line.evidence ?? ''] ?? '—'} ${line.bookingId.slice(-12)}`,
      },
      { title: say.amount, share: 0.12, align: 'right', value: (line) => yuan(line.amountFen) },
    ],
    lines.slice(0, PAPER_LINES_MAX),
    30,
  );
  if (claim.lines > PAPER_LINES_MAX) paper.paragraph(say.more(PAPER_LINES_MAX, claim.lines), { grey: true });
  paper.sums([{ label: say.amount, value: `¥ ${yuan(claim.amountFen)}` }]);
}

async function cuts(paper: Paper, { lines }: Pack, say: Words): Promise<void> {
  paper.section(say.cuts);
  const cut = lines.filter(
    ({ answer, reply }) => (answer !== null && answer !== 'accepted') || reply !== null,
  );
  if (cut.length === 0) {
    paper.paragraph(say.noCuts, { grey: true });
    return;
  }
  await paper.table(
    [
      { title: say.place, share: 0.06, value: (line) => String(line.place) },
      { title: say.amount, share: 0.11, align: 'right', value: (line) => yuan(line.amountFen) },
      {
        ...{ title: say.accepted, share: 0.11, align: 'right' as const },
        value: (line) => (line.acceptedFen === null ? '—' : yuan(line.acceptedFen)),
      },
      { title: say.outcome, share: 0.09, value: (line) => say.answers[line.answer ?? ''] ?? '—' },
      {
        ...{ title: say.reason, share: 0.27 },
        value: (line) => [line.answerCode, line.answerReason].filter(Boolean).join(' · ') || '—',
      },
      { title: say.reply, share: 0.24, value: (line) => line.reply ?? '—' },
      { title: say.end, share: 0.12, value: (line) => say.ends[line.cutEnd ?? ''] ?? '—' },
    ],
    cut.slice(0, PAPER_LINES_MAX),
  );
}
