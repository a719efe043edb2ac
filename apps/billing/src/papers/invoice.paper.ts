import type { CreditNoteDetailDto } from '../invoices/credit-notes.dto';
import type { InvoiceDto } from '../invoices/invoices.dto';
import type { InvoiceLineRow } from '../invoices/invoices.queries';
import { Paper, type Column } from './paper.writer';
import type { Letterhead } from './papers.queries';
import { capitalYuan, kindWord, monthWord, yuan, type Language } from './words';

export interface Print {
  language: Language;
  /** As the caller gives it; kept nowhere. */
  addressee?: string;
  at: Date;
}

const WORDS = {
  'zh-CN': {
    ...{ invoice: '服务账单', draft: '草稿', credit: '贷项通知单', contract: '运营合同', issued: '开具日期' },
    ...{ due: '付款截止', period: '账期', addressee: '付款人', resident: '居民编号', void: '已作废' },
    ...{
      day: '日期',
      site: '站点',
      service: '服务项目',
      gross: '价格',
      funders: '补贴',
      operator: '让利',
      own: '自付',
    },
    ...{ total: '自付合计', credited: '已冲减', paid: '已付', open: '应付余额', capital: '大写' },
    ...{ of: '对应账单', reason: '原因', takenBack: '本次冲减', comment: '说明', added: '（补差）' },
    ...{ unit: '金额单位：人民币元', more: '另', minutes: '分钟' },
    notFapiao: '本账单用于核对与付款，不作报销凭证；如需发票请向站点申请。',
    reasons: { goodwill: '运营方让利', charge_corrected: '费用更正', void: '账单作废' },
    page: (n: number, of: number) => `第 ${n} 页 / 共 ${of} 页`,
  },
  en: {
    ...{
      invoice: 'Invoice',
      draft: 'Draft',
      credit: 'Credit note',
      contract: 'Contract',
      issued: 'Issued on',
    },
    ...{ due: 'Due on', period: 'Period', addressee: 'Addressee', resident: 'Resident no.', void: 'VOID' },
    ...{
      day: 'Date',
      site: 'Site',
      service: 'Service',
      gross: 'Price',
      funders: 'Funded',
      operator: 'Granted',
      own: 'To pay',
    },
    ...{
      total: 'Total to pay',
      credited: 'Credited',
      paid: 'Paid',
      open: 'Balance due',
      capital: 'In words',
    },
    ...{ of: 'Invoice', reason: 'Reason', takenBack: 'Credited', comment: 'Remark', added: ' (difference)' },
    ...{ unit: 'Amounts in CNY', more: 'and', minutes: 'min' },
    notFapiao: 'For checking and payment; not a fapiao. Ask the site for a fapiao when you need one.',
    reasons: {
      goodwill: 'Carried by the operator',
      charge_corrected: 'Charge corrected',
      void: 'Invoice withdrawn',
    },
    page: (n: number, of: number) => `Page ${n} of ${of}`,
  },
} as const;

/** Of up to four sums and the lines under them. */
const SUMS_HEIGHT = 140;

export async function invoicePaper(
  invoice: InvoiceDto,
  lines: readonly InvoiceLineRow[],
  head: Letterhead,
  print: Print,
): Promise<Buffer> {
  const say = WORDS[print.language];
  const number = invoice.number ?? say.draft;
  const paper = paperOf(`${say.invoice} ${number}`, say, head, print);
  paper.heading({
    ...letter(head, say),
    title: invoice.status === 'void' ? `${say.invoice} · ${say.void}` : say.invoice,
    number,
  });
  paper.facts([
    ...whose(invoice, print),
    { label: say.period, value: monthWord(invoice.period, print.language) },
    { label: say.issued, value: invoice.issuedOn ?? '—' },
    { label: say.due, value: invoice.dueOn ?? '—' },
    { label: say.contract, value: head.contractNumber },
  ]);
  const columns: Column<InvoiceLineRow>[] = [
    { title: say.day, share: 0.13, value: (line) => line.serviceDay },
    { title: say.site, share: 0.22, value: (line) => siteName(head, line.siteId, print.language) },
    {
      title: say.service,
      share: 0.19,
      value: ({ kind, sequence, quantity }) =>
        kindWord(kind, print.language) +
        (sequence > 0 ? say.added : '') +
        (quantity > 1 ? ` × ${quantity}` : ''),
    },
    { title: say.gross, share: 0.115, align: 'right', value: (line) => yuan(line.grossFen) },
    { title: say.funders, share: 0.115, align: 'right', value: (line) => yuan(-line.fundersFen) },
    { title: say.operator, share: 0.115, align: 'right', value: (line) => yuan(-line.operatorFen) },
    { title: say.own, share: 0.115, align: 'right', value: (line) => yuan(line.amountFen) },
  ];
  await paper.table(columns, lines, SUMS_HEIGHT);
  paper.sums([
    { label: say.total, value: yuan(invoice.amountFen) },
    ...(invoice.creditedFen > 0 ? [{ label: say.credited, value: yuan(-invoice.creditedFen) }] : []),
    ...(invoice.paidFen > 0 ? [{ label: say.paid, value: yuan(-invoice.paidFen) }] : []),
    { label: say.open, value: `¥ ${yuan(invoice.openFen)}` },
  ]);
  if (print.language === 'zh-CN') paper.paragraph(`${say.capital}：${capitalYuan(invoice.openFen)}`);
  paper.paragraph(say.notFapiao, { grey: true });
  return paper.bytes();
}

export async function creditNotePaper(
  note: CreditNoteDetailDto,
  head: Letterhead,
  print: Print,
): Promise<Buffer> {
  const say = WORDS[print.language];
  const paper = paperOf(`${say.credit} ${note.number}`, say, head, print);
  paper.heading({ ...letter(head, say), title: say.credit, number: note.number });
  paper.facts([
    ...whose(note, print),
    { label: say.of, value: note.invoiceNumber },
    { label: say.issued, value: note.issuedOn },
    { label: say.period, value: monthWord(note.period, print.language) },
    { label: say.reason, value: say.reasons[note.reason] },
  ]);
  if (note.comment) paper.paragraph(`${say.comment}：${note.comment}`);
  await paper.table(
    [
      { title: say.day, share: 0.16, value: (line) => line.serviceDay },
      { title: say.site, share: 0.3, value: (line) => siteName(head, line.siteId, print.language) },
      { title: say.service, share: 0.22, value: (line) => kindWord(line.kind, print.language) },
      { title: say.own, share: 0.16, align: 'right', value: (line) => yuan(line.invoicedFen) },
      { title: say.takenBack, share: 0.16, align: 'right', value: (line) => yuan(-line.amountFen) },
    ],
    note.lines,
    SUMS_HEIGHT,
  );
  paper.sums([{ label: say.takenBack, value: `¥ ${yuan(-note.amountFen)}` }]);
  if (print.language === 'zh-CN') paper.paragraph(`${say.capital}：${capitalYuan(-note.amountFen)}`);
  return paper.bytes();
}

function paperOf(title: string, say: (typeof WORDS)[Language], head: Letterhead, { at }: Print): Paper {
  const footer = { left: `${head.operatorName} · ${title} · ${say.unit}`, page: say.page };
  return new Paper(footer, { title, author: head.operatorName, at });
}

function letter(head: Letterhead, say: (typeof WORDS)[Language]): { issuer: string; sub: string } {
  return { issuer: head.operatorName, sub: `${say.contract} ${head.contractNumber}` };
}

/** The name when one was given, and always the pseudonym, so a paper without a name is no less certain. */
function whose({ issuedTo }: { issuedTo: string }, { language, addressee }: Print) {
  const say = WORDS[language];
  const number = { label: say.resident, value: issuedTo };
  return addressee ? [{ label: say.addressee, value: addressee }, number] : [number];
}

function siteName(head: Letterhead, siteId: string, language: Language): string {
  const name = head.siteNames.get(siteId);
  return name ? name[language === 'en' ? 'en' : 'zh'] : siteId;
}
