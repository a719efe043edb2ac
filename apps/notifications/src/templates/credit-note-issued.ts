import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, type InvoiceWords, letter, monthIn } from './words';

export interface CreditWords extends InvoiceWords {
  creditNoteNumber: string;
  amountFen: Fen;
}

export const creditNoteIssued: Template<CreditWords> = {
  code: 'credit-note-issued',
  eventType: 'billing.CreditNoteIssued.v1',
  about: 'Part of an invoice, or all of it, is taken back.',
  write: {
    'zh-CN': (words) => ({
      subject: `账单已冲减：${words.number}`,
      text: letter('zh-CN', words, [
        `您${monthIn('zh-CN', words.period)}的账单 ${words.number} 已冲减 ${amountIn('zh-CN', words.amountFen)}。`,
        `冲减单编号：${words.creditNoteNumber}`,
        words.openFen > 0 ? `尚需支付：${amountIn('zh-CN', words.openFen)}` : '该账单无需再付。',
      ]),
    }),
    en: (words) => ({
      subject: `Credit note for invoice ${words.number}`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} of your invoice ${words.number} for ${monthIn('en', words.period)} is taken back.`,
        `Credit note: ${words.creditNoteNumber}`,
        words.openFen > 0
          ? `Still to pay: ${amountIn('en', words.openFen)}`
          : 'Nothing of it is left to pay.',
      ]),
    }),
  },
};
