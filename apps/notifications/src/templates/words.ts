import { formatYuan, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';

/** What every text about the operator's books begins and ends with. */
export interface LetterWords {
  /** The resident's name, known only while sending. */
  name: string;
  /** Who writes: the operator's name. */
  operator: string;
}

/** What every text about a document of the operator's books names. */
export interface DocumentWords extends LetterWords {
  /** Number of the document. */
  number: string;
}

/** What the texts about an invoice may use. */
export interface InvoiceWords extends DocumentWords {
  /** Month of the services, `YYYY-MM`. */
  period: string;
  /** Still to be paid. */
  openFen: Fen;
}

/** 2026年11月 · November 2026. */
export function monthIn(language: 'zh-CN' | 'en', month: string): string {
  const first = DateTime.fromISO(`${month}-01`, { zone: 'utc' });
  return language === 'en' ? first.setLocale('en-GB').toFormat('MMMM yyyy') : first.toFormat('yyyy年M月');
}

/** 2026年12月15日 · 15 December 2026. */
export function dayIn(language: 'zh-CN' | 'en', day: string): string {
  const date = DateTime.fromISO(day, { zone: 'utc' });
  return language === 'en' ? date.setLocale('en-GB').toFormat('d MMMM yyyy') : date.toFormat('yyyy年M月d日');
}

/** 48.00 元 · ¥48.00. */
export function amountIn(language: 'zh-CN' | 'en', fen: Fen): string {
  return language === 'en' ? `¥${formatYuan(fen)}` : `${formatYuan(fen)} 元`;
}

/** The letter around the lines: whom it is to, whom it is from. */
export function letter(language: 'zh-CN' | 'en', { name, operator }: LetterWords, lines: string[]): string {
  const [dear, questions] =
    language === 'en'
      ? [`Dear ${name},`, 'If you have questions, please ask the staff at your site.']
      : [`${name}，您好：`, '如有疑问，请向站点工作人员咨询。'];
  return [dear, '', ...lines, '', questions, operator].join('\n');
}
