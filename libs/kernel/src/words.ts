/** Languages that papers and files for people are written in. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const KIND_WORDS: Record<string, Record<Language, string>> = {
  elderly_care: { 'zh-CN': '养老服务', en: 'Elderly care' },
  childcare: { 'zh-CN': '托育服务', en: 'Childcare' },
  meals: { 'zh-CN': '助餐', en: 'Meals' },
  household: { 'zh-CN': '家政便民', en: 'Household' },
  health: { 'zh-CN': '健康服务', en: 'Health' },
  sports: { 'zh-CN': '体育健身', en: 'Sports' },
  culture: { 'zh-CN': '文化休闲', en: 'Culture' },
  recreation: { 'zh-CN': '儿童游憩', en: 'Recreation' },
  after_school: { 'zh-CN': '儿童托管', en: 'After-school care' },
};

/** A kind as papers name it. Cities add kinds of their own; one without a word here stands as its code. */
export const kindWord = (kind: string, language: Language): string => KIND_WORDS[kind]?.[language] ?? kind;
