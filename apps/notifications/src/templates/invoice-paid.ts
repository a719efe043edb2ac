import type { Template } from './template';
import { type InvoiceWords, letter, monthIn } from './words';

export const invoicePaid: Template<InvoiceWords> = {
  code: 'invoice-paid',
  eventType: 'billing.InvoicePaid.v1',
  about: 'Nothing of an invoice is open any more.',
  write: {
    'zh-CN': (words) => ({
      subject: `账单已付清：${words.number}`,
      text: letter('zh-CN', words, [
        `您${monthIn('zh-CN', words.period)}的账单 ${words.number} 已付清，谢谢。`,
      ]),
    }),
    en: (words) => ({
      subject: `Invoice paid: ${words.number}`,
      text: letter('en', words, [
        `Your invoice ${words.number} for ${monthIn('en', words.period)} is paid in full. Thank you.`,
      ]),
    }),
  },
};
