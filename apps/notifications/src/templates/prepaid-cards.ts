import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, dayIn, letter, type LetterWords } from './words';

export interface CardWords extends LetterWords {
  /** The last characters of the card's number. */
  cardEnd: string;
  /** What can be spent after it. */
  balanceFen: Fen;
}

export interface CardMoneyWords extends CardWords {
  amountFen: Fen;
}

export interface CardExpiringWords extends CardWords {
  lastDay: string;
}

export const prepaidToppedUp: Template<CardMoneyWords> = {
  code: 'prepaid-topped-up',
  eventType: 'billing.PrepaidCardToppedUp.v1',
  about: 'A prepaid card was topped up.',
  write: {
    'zh-CN': (words) => ({
      subject: `预付卡充值成功：尾号 ${words.cardEnd}`,
      text: letter('zh-CN', words, [
        `您的预付卡（尾号 ${words.cardEnd}）已充值 ${amountIn('zh-CN', words.amountFen)}。`,
        `可用余额：${amountIn('zh-CN', words.balanceFen)}`,
      ]),
    }),
    en: (words) => ({
      subject: `Prepaid card ending in ${words.cardEnd}: topped up`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} was paid onto your prepaid card ending in ${words.cardEnd}.`,
        `Balance: ${amountIn('en', words.balanceFen)}`,
      ]),
    }),
  },
};

export const prepaidRefunded: Template<CardMoneyWords> = {
  code: 'prepaid-refunded',
  eventType: 'billing.PrepaidCardRefunded.v1',
  about: 'Some of what was on a prepaid card went back.',
  write: {
    'zh-CN': (words) => ({
      subject: `预付卡退款：尾号 ${words.cardEnd}`,
      text: letter('zh-CN', words, [
        `您的预付卡（尾号 ${words.cardEnd}）已退款 ${amountIn('zh-CN', words.amountFen)}，款项按原支付方式退回。`,
        `可用余额：${amountIn('zh-CN', words.balanceFen)}`,
      ]),
    }),
    en: (words) => ({
      subject: `Prepaid card ending in ${words.cardEnd}: refund`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} of your prepaid card ending in ${words.cardEnd} goes back the way it was paid.`,
        `Balance: ${amountIn('en', words.balanceFen)}`,
      ]),
    }),
  },
};

export const prepaidExpiring: Template<CardExpiringWords> = {
  code: 'prepaid-expiring',
  eventType: 'billing.PrepaidCardExpiring.v1',
  about: 'Something is on a prepaid card that soon expires.',
  write: {
    'zh-CN': (words) => ({
      subject: `预付卡即将到期：尾号 ${words.cardEnd}`,
      text: letter('zh-CN', words, [
        `您的预付卡（尾号 ${words.cardEnd}）可使用至${dayIn('zh-CN', words.lastDay)}（含当日），余额 ${amountIn('zh-CN', words.balanceFen)}。`,
        '到期后余额仍归您所有，可在站点办理延期或退款。',
      ]),
    }),
    en: (words) => ({
      subject: `Prepaid card ending in ${words.cardEnd}: expires soon`,
      text: letter('en', words, [
        `Your prepaid card ending in ${words.cardEnd} can be used until ${dayIn('en', words.lastDay)}; ${amountIn('en', words.balanceFen)} is on it.`,
        'What is left then stays yours: your site extends the card, or gives it back.',
      ]),
    }),
  },
};
