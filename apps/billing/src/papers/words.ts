import { formatYuan, kindWord, LANGUAGES, sayer, words, type Fen, type Language } from '@doorstep/kernel';

export { kindWord, LANGUAGES, type Language };

export const channelWord = sayer({
  wechat: words('微信支付', 'WeChat Pay'),
  alipay: words('支付宝', 'Alipay'),
  bank: words('银行转账', 'Bank transfer'),
  cash: words('现金', 'Cash'),
});

/** 1234567 → `12,345.67`. */
export function yuan(amountFen: Fen): string {
  const [whole, decimals] = formatYuan(Math.abs(amountFen)).split('.');
  return `${amountFen < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`;
}

/** `2026-11` as a heading has it. */
export function monthWord(period: string, language: Language): string {
  const [year, month] = period.split('-').map(Number);
  if (language === 'zh-CN') return `${year}年${month}月`;
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.UTC(year, month - 1, 1),
  );
}

const CHINA = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** `2026-11-02 11:30`, as the country's clocks show it. */
export const timeWord = (at: Date): string => CHINA.format(at);

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const UNITS = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/**
 * An amount in the capitals that bookkeeping uses against forgery: 1016.05 → 人民币壹仟零壹拾陆元零伍分. Rules of
 * 《会计基础工作规范》: 整 where no fen follow, 零 where a digit is left out.
 */
export function capitalYuan(amountFen: Fen): string {
  const magnitude = Math.abs(amountFen);
  const [whole, jiao, fen] = [Math.floor(magnitude / 100), Math.floor(magnitude / 10) % 10, magnitude % 10];
  const sign = amountFen < 0 ? '负' : '';
  const yuanPart = whole > 0 ? `${capitalWhole(whole)}元` : '';
  if (jiao === 0 && fen === 0) return `人民币${sign}${yuanPart || '零元'}整`;
  const jiaoPart = jiao > 0 ? `${DIGITS[jiao]}角` : whole > 0 ? '零' : '';
  return `人民币${sign}${yuanPart}${jiaoPart}${fen > 0 ? `${DIGITS[fen]}分` : '整'}`;
}

function capitalWhole(whole: number): string {
  let text = '';
  let zero = false;
  const digits = String(whole);
  for (let i = 0; i < digits.length; i++) {
    const place = digits.length - 1 - i;
    const digit = Number(digits[i]);
    if (digit === 0) zero = text !== '';
    else {
      text += (zero ? '零' : '') + DIGITS[digit] + UNITS[place % 4];
      zero = false;
    }
    const group = digits.slice(Math.max(0, i - 3), i + 1);
    if (place > 0 && place % 4 === 0 && Number(group) > 0) text += GROUPS[place / 4];
  }
  return text;
}
