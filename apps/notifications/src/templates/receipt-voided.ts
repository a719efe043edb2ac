import type { Fen } from '@doorstep/kernel';
import type { ReceiptWords } from './receipt-issued';
import type { Template } from './template';
import { amountIn, dayIn, letter } from './words';

export interface ReceiptVoidedWords extends ReceiptWords {
  /** What is recorded instead, if anything is. */
  replacedFen?: Fen;
  replacedPaidOn?: string;
}

/** Whoever did pay has the paper: only they can say that the money was there. */
export const receiptVoided: Template<ReceiptVoidedWords> = {
  code: 'receipt-voided',
  eventType: 'billing.ReceiptVoided.v1',
  about: 'A receipt counts no more: its payment was recorded wrongly.',
  write: {
    'zh-CN': (words) => ({
      subject: `收据作废：${words.number}`,
      text: letter('zh-CN', words, [
        `${dayIn('zh-CN', words.paidOn)}、金额 ${amountIn('zh-CN', words.amountFen)}的收据 ${words.number} 因付款登记有误已作废。`,
        words.replacedFen && words.replacedPaidOn
          ? `该笔付款已更正为：${dayIn('zh-CN', words.replacedPaidOn)}，${amountIn('zh-CN', words.replacedFen)}。可凭此索取新收据。`
          : '该笔付款不再入账，原已抵扣的费用恢复为待支付。',
        '如与您实际付款不符，请保留原收据并与我们核对。',
      ]),
    }),
    en: (words) => ({
      subject: `Receipt no longer valid: ${words.number}`,
      text: letter('en', words, [
        `Receipt ${words.number} of ${dayIn('en', words.paidOn)} for ${amountIn('en', words.amountFen)} is void: the payment was recorded wrongly.`,
        words.replacedFen && words.replacedPaidOn
          ? `It is now recorded as ${amountIn('en', words.replacedFen)} on ${dayIn('en', words.replacedPaidOn)}. You can ask for a new receipt.`
          : 'The payment no longer counts, and what it had paid for is owed again.',
        'If this is not what you paid, keep the receipt and let us check it with you.',
      ]),
    }),
  },
};
