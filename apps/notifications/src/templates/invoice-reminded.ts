import type { Template } from './template';
import { amountIn, dayIn, type InvoiceWords, letter, monthIn } from './words';

export interface RemindedWords extends InvoiceWords {
  dueOn: string;
  /** How the operator's plan wants this step worded. */
  tone: string;
}

interface Tone {
  subject: string;
  /** What comes of it. */
  then: string;
}

const CHINESE: Record<string, Tone> = {
  reminder: { subject: '账单付款提醒', then: '可能是您忘记了，请尽快支付。' },
  warning: { subject: '账单逾期提醒', then: '账单已经逾期，请在收到本通知后尽快支付，以免影响后续服务。' },
  final: {
    subject: '账单逾期最后通知',
    then: '这是最后一次通知。如仍未收到付款，我们将与您联系商定后续办法。',
  },
};
const ENGLISH: Record<string, Tone> = {
  reminder: {
    subject: 'Reminder to pay',
    then: 'You may have overlooked it; please pay it soon.',
  },
  warning: {
    subject: 'Overdue invoice',
    then: 'It is overdue. Please pay it now, so that your services can go on as usual.',
  },
  final: {
    subject: 'Last notice of an overdue invoice',
    then: 'This is the last notice. If it stays unpaid, we shall contact you to agree on what to do.',
  },
};

export const invoiceReminded: Template<RemindedWords> = {
  code: 'invoice-reminded',
  eventType: 'billing.InvoiceReminded.v1',
  about:
    "An invoice was not paid in time and a step of the operator's dunning plan has come, in the tone of that step.",
  write: {
    'zh-CN': (words) => {
      const { subject, then } = CHINESE[words.tone] ?? CHINESE.reminder;
      return {
        subject: `${subject}：${words.number}`,
        text: letter('zh-CN', words, [
          `您${monthIn('zh-CN', words.period)}的账单 ${words.number} 应在${dayIn('zh-CN', words.dueOn)}前支付，目前还有 ${amountIn('zh-CN', words.openFen)}未付。`,
          then,
          '如您已经支付，请忽略本通知。',
        ]),
      };
    },
    en: (words) => {
      const { subject, then } = ENGLISH[words.tone] ?? ENGLISH.reminder;
      return {
        subject: `${subject}: ${words.number}`,
        text: letter('en', words, [
          `Your invoice ${words.number} for ${monthIn('en', words.period)} was due on ${dayIn('en', words.dueOn)}; ${amountIn('en', words.openFen)} of it is not paid yet.`,
          then,
          'If you have paid it in the meantime, please ignore this message.',
        ]),
      };
    },
  },
};
