/** Languages that papers and files for people are written in; the first one, when none is asked for. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same word in each of them. */
export type Words = Readonly<Record<Language, string>>;
export const words = (zh: string, en: string): Words => ({ 'zh-CN': zh, en });

/** Says a code. One without a word stands as it is, for cities add codes of their own. */
export const sayer =
  (known: Readonly<Record<string, Words>>) =>
  (code: string, language: Language): string =>
    known[code]?.[language] ?? code;

/** A kind as papers name it. */
export const kindWord = sayer({
  elderly_care: words('养老服务', 'Elderly care'),
  childcare: words('托育服务', 'Childcare'),
  meals: words('助餐', 'Meals'),
  household: words('家政便民', 'Household'),
  health: words('健康服务', 'Health'),
  sports: words('体育健身', 'Sports'),
  culture: words('文化休闲', 'Culture'),
  recreation: words('儿童游憩', 'Recreation'),
  after_school: words('儿童托管', 'After-school care'),
});
