import type { Fen } from '@doorstep/kernel';
import type { Template } from './template';
import { amountIn, dayIn, letter, type LetterWords } from './words';

export interface PackageWords extends LetterWords {
  packageName: string;
  usesLeft: number;
  lastDay: string;
}

export interface PackageMoneyWords extends PackageWords {
  amountFen: Fen;
}

export interface PackageSoldWords extends PackageMoneyWords {
  firstDay: string;
}

export const packageSold: Template<PackageSoldWords> = {
  code: 'package-sold',
  eventType: 'billing.PackageSold.v1',
  about: 'A package was bought.',
  write: {
    'zh-CN': (words) => ({
      subject: `套餐购买成功：${words.packageName}`,
      text: letter('zh-CN', words, [
        `您已购买“${words.packageName}”，共 ${words.usesLeft} 次，支付 ${amountIn('zh-CN', words.amountFen)}。`,
        `使用期限：${dayIn('zh-CN', words.firstDay)}至${dayIn('zh-CN', words.lastDay)}（含当日）`,
        '预约相应服务时自动使用，未使用的次数可以退款。',
      ]),
    }),
    en: (words) => ({
      subject: `Package bought: ${words.packageName}`,
      text: letter('en', words, [
        `You have bought “${words.packageName}” with ${words.usesLeft} uses for ${amountIn('en', words.amountFen)}.`,
        `It can be used from ${dayIn('en', words.firstDay)} until ${dayIn('en', words.lastDay)}.`,
        'Bookings of its services take a use by themselves; what is not used can be given back.',
      ]),
    }),
  },
};

export const packageUsedUp: Template<PackageWords> = {
  code: 'package-used-up',
  eventType: 'billing.PackageUsedUp.v1',
  about: 'A booking has taken the last use of a package.',
  write: {
    'zh-CN': (words) => ({
      subject: `套餐次数已用完：${words.packageName}`,
      text: letter('zh-CN', words, [
        `您的“${words.packageName}”最后一次已用于一项预约。`,
        '之后的预约按价目表收费；您也可以再次购买套餐。',
      ]),
    }),
    en: (words) => ({
      subject: `Package used up: ${words.packageName}`,
      text: letter('en', words, [
        `A booking has taken the last use of your package “${words.packageName}”.`,
        'Further bookings cost what the price list says, unless you buy another package.',
      ]),
    }),
  },
};

export const packageExpiring: Template<PackageWords> = {
  code: 'package-expiring',
  eventType: 'billing.PackageExpiring.v1',
  about: 'Uses of a package are left that soon can’t be taken any more.',
  write: {
    'zh-CN': (words) => ({
      subject: `套餐即将到期：${words.packageName}`,
      text: letter('zh-CN', words, [
        `您的“${words.packageName}”还剩 ${words.usesLeft} 次，可使用至${dayIn('zh-CN', words.lastDay)}（含当日）。`,
        '到期未使用的次数可以退款。',
      ]),
    }),
    en: (words) => ({
      subject: `Package ends soon: ${words.packageName}`,
      text: letter('en', words, [
        `Uses left of your package “${words.packageName}”: ${words.usesLeft}. It can be used until ${dayIn('en', words.lastDay)}.`,
        'What is not used by then can be given back.',
      ]),
    }),
  },
};

export const packageRefunded: Template<PackageMoneyWords> = {
  code: 'package-refunded',
  eventType: 'billing.PackageRefunded.v1',
  about: 'What was not used of a package went back.',
  write: {
    'zh-CN': (words) => ({
      subject: `套餐退款：${words.packageName}`,
      text: letter('zh-CN', words, [
        `您的“${words.packageName}”未使用的部分已退款 ${amountIn('zh-CN', words.amountFen)}，款项按原支付方式退回。`,
        '套餐已经终止；已预约的服务不受影响。',
      ]),
    }),
    en: (words) => ({
      subject: `Package given back: ${words.packageName}`,
      text: letter('en', words, [
        `${amountIn('en', words.amountFen)} for what was not used of your package “${words.packageName}” goes back the way it was paid.`,
        'The package has ended; services that are booked with it stay booked.',
      ]),
    }),
  },
};
