import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, dayIn, type InvoiceWords, letter, monthIn } from './words';

export interface IssuedWords extends InvoiceWords {
  amountFen: Fen;
  /** Last day to pay. */
  dueOn: string;
}

export const invoiceIssued: Template<IssuedWords> = {
  code: 'invoice-issued',
  eventType: 'billing.InvoiceIssued.v1',
  about: "A month's invoice is issued: what is to pay, and until when.",
  write: {
    'zh-CN': (words) => ({
      subject: `${monthIn('zh-CN', words.period)}账单：${words.number}`,
      text: letter('zh-CN', words, [
        `您${monthIn('zh-CN', words.period)}的服务账单已出具。`,
        `账单编号：${words.number}`,
        `账单金额：${amountIn('zh-CN', words.amountFen)}`,
        ...(words.openFen > 0
          ? [
              `尚需支付：${amountIn('zh-CN', words.openFen)}`,
              `请在${dayIn('zh-CN', words.dueOn)}前（含当日）支付。`,
            ]
          : ['已全部付清，无需再付。']),
      ]),
    }),
    en: (words) => ({
      subject: `Invoice for ${monthIn('en', words.period)}: ${words.number}`,
      text: letter('en', words, [
        `Your invoice for services in ${monthIn('en', words.period)} is here.`,
        `Invoice: ${words.number}`,
        `Amount: ${amountIn('en', words.amountFen)}`,
        ...(words.openFen > 0
          ? [`Still to pay: ${amountIn('en', words.openFen)}`, `Please pay by ${dayIn('en', words.dueOn)}.`]
          : ['It is paid already; nothing is left to pay.']),
      ]),
    }),
  },
};
