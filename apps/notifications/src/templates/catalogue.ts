import { LANGUAGES, type Language } from '../preferences/preference';
import { bookingCancelled, type CancelledWords } from './booking-cancelled';
import { bookingConfirmed } from './booking-confirmed';
import { bookingDeclined } from './booking-declined';
import { bookingExpired } from './booking-expired';
import { creditNoteIssued, type CreditWords } from './credit-note-issued';
import { depositReturned, depositSetOff, depositTaken, type DepositWords } from './deposits';
import { invoiceIssued, type IssuedWords } from './invoice-issued';
import { invoicePaid } from './invoice-paid';
import { invoiceReminded, type RemindedWords } from './invoice-reminded';
import {
  packageExpiring,
  packageRefunded,
  packageSold,
  type PackageSoldWords,
  packageUsedUp,
} from './packages';
import {
  type CardExpiringWords,
  type CardMoneyWords,
  prepaidExpiring,
  prepaidRefunded,
  prepaidToppedUp,
} from './prepaid-cards';
import { receiptIssued } from './receipt-issued';
import { receiptVoided, type ReceiptVoidedWords } from './receipt-voided';
import type { Message, Template } from './template';

/** Templates about bookings; the cancelled one asks for the most words. */
export const BOOKING_TEMPLATES: readonly Template<CancelledWords>[] = [
  bookingConfirmed,
  bookingDeclined,
  bookingCancelled,
  bookingExpired,
];

/** The words of every template about money that is held for a resident, together. */
export type HeldWords = CardMoneyWords & CardExpiringWords & PackageSoldWords & DepositWords;

/** The words of every template about the operator's books, together. */
export type PaperWords = IssuedWords & RemindedWords & CreditWords & ReceiptVoidedWords & HeldWords;

/** Templates about documents of the operator's books; each takes some of these words. */
export const PAPER_TEMPLATES: readonly Template<PaperWords>[] = [
  invoiceIssued,
  invoicePaid,
  invoiceReminded,
  creditNoteIssued,
  receiptIssued,
  receiptVoided,
];

/** Templates about money that is held for a resident: prepaid cards, packages, deposits. */
export const HELD_TEMPLATES: readonly Template<HeldWords>[] = [
  prepaidToppedUp,
  prepaidRefunded,
  prepaidExpiring,
  packageSold,
  packageUsedUp,
  packageExpiring,
  packageRefunded,
  depositTaken,
  depositSetOff,
  depositReturned,
];

export const TEMPLATES = [...BOOKING_TEMPLATES, ...PAPER_TEMPLATES, ...HELD_TEMPLATES] as const;

const bookings = new Map(BOOKING_TEMPLATES.map((template) => [template.code, template]));
const papers = new Map<string, Template<PaperWords>>(
  [...PAPER_TEMPLATES, ...HELD_TEMPLATES].map((template) => [template.code, template]),
);
const byEvent = new Map(TEMPLATES.map((template) => [template.eventType, template.code]));

/** Code of the template that answers an event type; undefined when residents aren't told of it. */
export function templateOfEvent(eventType: string): string | undefined {
  return byEvent.get(eventType);
}

/** @throws when no template about bookings has this code: codes come from our own rows */
export function write(code: string, language: Language, words: CancelledWords): Message {
  return known(bookings, code).write[language](words);
}

/**
 * @param words those that the template of this code asks for, as its event has them
 * @throws when no template about the operator's books has this code
 */
export function writePaper(code: string, language: Language, words: PaperWords): Message {
  return known(papers, code).write[language](words);
}

function known<W>(templates: Map<string, Template<W>>, code: string): Template<W> {
  const template = templates.get(code);
  if (!template) throw new Error(`there is no template ${code}`);
  return template;
}

const SAMPLE_NAMES = {
  'zh-CN': {
    name: '王秀英',
    offering: '社区午餐',
    site: '贵州路社区综合体',
    operator: '邻里社区服务有限公司',
  },
  en: {
    ...{ name: 'Wang Xiuying', offering: 'Community lunch', site: 'Guizhou Road Complex' },
    operator: 'Linli Community Services',
  },
};

const SAMPLE_WORDS: Omit<CancelledWords & PaperWords, 'name' | 'offering' | 'site' | 'operator'> = {
  ...{ start: new Date('2026-11-23T03:00:00Z'), end: new Date('2026-11-23T04:30:00Z') },
  ...{ timeZone: 'Asia/Shanghai', by: 'operator' },
  ...{ number: 'INV-2026-000017', period: '2026-11', amountFen: 4800, openFen: 3200, dueOn: '2026-12-15' },
  ...{ tone: 'reminder', creditNoteNumber: 'CN-2026-000003', paidOn: '2026-12-03' },
  ...{ replacedFen: 3800, replacedPaidOn: '2026-12-04' },
  ...{ cardEnd: '0017', balanceFen: 28_400, packageName: '午餐十次卡', usesLeft: 10, heldFen: 28_200 },
  ...{ firstDay: '2026-12-03', lastDay: '2027-03-02' },
};

/** How a template reads, with made-up words, in every language. */
export function samplesOf(
  template: Template<CancelledWords> | Template<PaperWords> | Template<HeldWords>,
): (Message & { language: Language })[] {
  return LANGUAGES.map((language) => ({
    language,
    ...template.write[language]({ ...SAMPLE_WORDS, ...SAMPLE_NAMES[language] }),
  }));
}
