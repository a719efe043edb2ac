import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, letter, type LetterWords } from './words';

export interface DepositWords extends LetterWords {
  amountFen: Fen;
  /** What is held of it after it. */
  heldFen: Fen;
}

export const depositTaken: Template<DepositWords> = {
  code: 'deposit-taken',
  eventType: 'billing.DepositTaken.v1',
  about: 'A deposit was taken.',
  write: {
    'zh-CN': (words) => ({
      subject: `已收押金：${amountIn('zh-CN', words.amountFen)}`,
      text: letter('zh-CN', words, [
        `已收到您的押金 ${amountIn('zh-CN', words.amountFen)}，谢谢。`,
        '押金不是服务费用：将退还给您，或者抵扣您应付的费用，并说明原因。',
      ]),
    }),
    en: (words) => ({
      subject: `Deposit received: ${amountIn('en', words.amountFen)}`,
      text: letter('en', words, [
        `We have received your deposit of ${amountIn('en', words.amountFen)}. Thank you.`,
        'It is no fee: it is returned to you, or set off against what you owe, with the reason.',
      ]),
    }),
  },
};

export const depositSetOff: Template<DepositWords> = {
  code: 'deposit-set-off',
  eventType: 'billing.DepositSetOff.v1',
  about: 'A deposit was set off against what the resident owed.',
  write: {
    'zh-CN': (words) => ({
      subject: `押金抵扣：${amountIn('zh-CN', words.amountFen)}`,
      text: letter('zh-CN', words, [
        `您的押金中有 ${amountIn('zh-CN', words.amountFen)}已用于抵扣您应付的费用。`,
        `押金余额：${amountIn('zh-CN', words.heldFen)}`,
      ]),
    }),
    en: (words) => ({
      subject: `Deposit set off: ${amountIn('en', words.amountFen)}`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} of your deposit has paid what you owed.`,
        `Still held: ${amountIn('en', words.heldFen)}`,
      ]),
    }),
  },
};

export const depositReturned: Template<DepositWords> = {
  code: 'deposit-returned',
  eventType: 'billing.DepositReturned.v1',
  about: 'A deposit, or part of it, was returned.',
  write: {
    'zh-CN': (words) => ({
      subject: `押金退还：${amountIn('zh-CN', words.amountFen)}`,
      text: letter('zh-CN', words, [
        `您的押金已退还 ${amountIn('zh-CN', words.amountFen)}，款项按原支付方式退回。`,
        `押金余额：${amountIn('zh-CN', words.heldFen)}`,
      ]),
    }),
    en: (words) => ({
      subject: `Deposit returned: ${amountIn('en', words.amountFen)}`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} of your deposit goes back the way it was paid.`,
        `Still held: ${amountIn('en', words.heldFen)}`,
      ]),
    }),
  },
};
