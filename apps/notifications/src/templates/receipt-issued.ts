import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, dayIn, type DocumentWords, letter } from './words';

export interface ReceiptWords extends DocumentWords {
  amountFen: Fen;
  paidOn: string;
}

export const receiptIssued: Template<ReceiptWords> = {
  code: 'receipt-issued',
  eventType: 'billing.ReceiptIssued.v1',
  about: 'A receipt is issued for money that came in.',
  write: {
    'zh-CN': (words) => ({
      subject: `收据：${words.number}`,
      text: letter('zh-CN', words, [
        `已收到您${dayIn('zh-CN', words.paidOn)}支付的 ${amountIn('zh-CN', words.amountFen)}，谢谢。`,
        `收据编号：${words.number}`,
      ]),
    }),
    en: (words) => ({
      subject: `Receipt: ${words.number}`,
      text: letter('en', words, [
        `We have received ${amountIn('en', words.amountFen)}, which you paid on ${dayIn('en', words.paidOn)}. Thank you.`,
        `Receipt: ${words.number}`,
      ]),
    }),
  },
};
