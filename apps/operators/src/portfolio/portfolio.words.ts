import type { Language } from '@doorstep/kernel';

/** Headings of the portfolio's files by the names that programs read them by. */
const HEADINGS: Record<string, Record<Language, string>> = {
  month: { 'zh-CN': '月份', en: 'Month' },
  street: { 'zh-CN': '街道代码', en: 'Street code' },
  name: { 'zh-CN': '街道', en: 'Street' },
  sites: { 'zh-CN': '站点数', en: 'Sites' },
  services: { 'zh-CN': '服务类型', en: 'Services' },
  people: { 'zh-CN': '服务人数', en: 'People' },
  visits: { 'zh-CN': '服务人次', en: 'Visits' },
  utilisationPercent: { 'zh-CN': '利用率（%）', en: 'Utilisation (%)' },
  stars: { 'zh-CN': '平均星级', en: 'Stars' },
  ratings: { 'zh-CN': '评价数', en: 'Ratings' },
  complaints: { 'zh-CN': '投诉数', en: 'Complaints' },
  findings: { 'zh-CN': '检查发现数', en: 'Findings' },
  subsidyYuan: { 'zh-CN': '补贴金额（元）', en: 'Subsidy (yuan)' },
  site: { 'zh-CN': '站点', en: 'Site' },
  kind: { 'zh-CN': '服务类型', en: 'Kind of service' },
  payer: { 'zh-CN': '付款方', en: 'Payer' },
  funder: { 'zh-CN': '资助方', en: 'Funder' },
  revenueYuan: { 'zh-CN': '收入（元）', en: 'Revenue (yuan)' },
  baseLabourYuan: { 'zh-CN': '固定人工（元）', en: 'Base labour (yuan)' },
  serviceLabourYuan: { 'zh-CN': '服务人工（元）', en: 'Service labour (yuan)' },
  materialsYuan: { 'zh-CN': '物料（元）', en: 'Materials (yuan)' },
  premisesYuan: { 'zh-CN': '场地（元）', en: 'Premises (yuan)' },
  costYuan: { 'zh-CN': '成本合计（元）', en: 'Costs (yuan)' },
  marginYuan: { 'zh-CN': '边际贡献（元）', en: 'Margin (yuan)' },
};

const PAYERS: Record<string, Record<Language, string>> = {
  resident: { 'zh-CN': '居民', en: 'Resident' },
  funder: { 'zh-CN': '资助方', en: 'Funder' },
  operator: { 'zh-CN': '运营方', en: 'Operator' },
};

const SHEETS: Record<string, Record<Language, string>> = {
  streets: { 'zh-CN': '街道月报', en: 'Street report' },
  margins: { 'zh-CN': '边际贡献', en: 'Contribution margins' },
};

/** In which words a file is written: those of a language, or, without one, those of programs. */
export type Words = Language | undefined;

const sayIn =
  (words: Record<string, Record<Language, string>>) =>
  (name: string, language: Words): string =>
    (language && words[name]?.[language]) ?? name;

export const heading = sayIn(HEADINGS);
export const payerWord = sayIn(PAYERS);
export const sheetName = sayIn(SHEETS);
