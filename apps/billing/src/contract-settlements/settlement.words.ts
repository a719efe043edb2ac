import { formatYuan } from '@doorstep/kernel';
import { yuan, type Language } from '../papers/words';
import type { SettlementLineDto, SettlementPartDto } from './contract-settlements.dto';

const percent = (bp: number): string => `${formatYuan(bp)} %`;
const lastDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** What the settlement says, in the order of its parts. */
export const SETTLEMENT_WORDS = {
  'zh-CN': {
    ...{ title: '合同结算单', number: '结算单号', draft: '草稿', contract: '运营合同', cover: '封面' },
    ...{
      authority: '甲方（委托方）',
      operator: '乙方（运营方）',
      period: '结算期',
      sequence: '期次',
      status: '状态',
    },
    ...{
      agreed: '确认日期',
      reference: '甲方确认文号',
      summary: '结算汇总',
      detail: '计算明细',
      kind: '项目',
    },
    ...{
      payer: '付款方',
      due: '累计应结',
      earlier: '此前已结',
      own: '本期',
      change: '前期调整',
      amount: '本次结算',
    },
    ...{
      concession: '租金优惠',
      days: '期间',
      how: '计算',
      revision: '合同版本',
      inCapitals: '（大写）',
      sum: '金额',
    },
    ...{ none: '本期无结算项目。', fromAuthority: '甲方应付乙方', fromOperator: '乙方应付甲方' },
    unit: '金额单位：元。累计应结自合同首日计至结算期末；尾差按累计数四舍五入。',
    signed: '甲方（盖章）：＿＿＿＿＿＿＿＿　　　　乙方（盖章）：＿＿＿＿＿＿＿＿　　　　日期：＿＿＿＿＿＿',
    page: (n: number, of: number) => `第 ${n} 页 / 共 ${of} 页`,
    span: (from: string, to: string) => (from === to ? `${lastDay(to)} 之后` : `${from} 至 ${lastDay(to)}`),
    part: ({ days, ofDays, rateBp, baseFen }: SettlementPartDto) =>
      rateBp !== undefined
        ? `收入 ${yuan(baseFen)} × ${percent(rateBp)}`
        : days !== undefined
          ? `${yuan(baseFen)} × ${days} / ${ofDays} 天`
          : `期末应存 ${yuan(baseFen)}`,
    changed: ({ earlierFen }: SettlementLineDto) => `前期重算后与已结 ${yuan(earlierFen)} 之差`,
    statuses: { draft: '草稿', agreed: '已确认', settled: '已结清', withdrawn: '已撤回' },
    payers: { authority: '甲方', operator: '乙方' },
    kinds: {
      ...{ management_fee: '管理费', purchased_service: '购买服务费', revenue_share: '收入分成' },
      ...{ rent: '场地租金', deposit: '履约保证金' },
    },
  },
  en: {
    ...{
      title: 'Contract settlement',
      number: 'Settlement no.',
      draft: 'Draft',
      contract: 'Contract',
      cover: 'Cover',
    },
    ...{
      authority: 'Authority',
      operator: 'Operator',
      period: 'Cycle',
      sequence: 'Sequence',
      status: 'Status',
    },
    ...{
      agreed: 'Agreed on',
      reference: "Authority's reference",
      summary: 'Summary',
      detail: 'How it comes about',
    },
    ...{ kind: 'For', payer: 'Payer', due: 'Due so far', earlier: 'Settled before', own: 'This cycle' },
    ...{
      change: 'Earlier days',
      amount: 'Settled now',
      concession: 'Below market',
      days: 'Days',
      how: 'Reckoning',
    },
    ...{ revision: 'Terms', inCapitals: '', sum: 'Amount', none: 'Nothing is owed for this cycle.' },
    ...{ fromAuthority: 'The authority pays', fromOperator: 'The operator pays' },
    unit: "In yuan. Due so far is from the contract's first day through the cycle's last, and is what is rounded, half up.",
    signed:
      'Authority (seal): ________________      Operator (seal): ________________      Date: ____________',
    page: (n: number, of: number) => `Page ${n} of ${of}`,
    span: (from: string, to: string) => (from === to ? `after ${lastDay(to)}` : `${from} to ${lastDay(to)}`),
    part: ({ days, ofDays, rateBp, baseFen }: SettlementPartDto) =>
      rateBp !== undefined
        ? `revenue ${yuan(baseFen)} × ${percent(rateBp)}`
        : days !== undefined
          ? `${yuan(baseFen)} × ${days} of ${ofDays} days`
          : `to lie there: ${yuan(baseFen)}`,
    changed: ({ earlierFen }: SettlementLineDto) => `earlier days anew, less ${yuan(earlierFen)} settled`,
    statuses: { draft: 'Draft', agreed: 'Agreed', settled: 'Settled', withdrawn: 'Withdrawn' },
    payers: { authority: 'Authority', operator: 'Operator' },
    kinds: {
      ...{
        management_fee: 'Management fee',
        purchased_service: 'Purchased services',
        revenue_share: 'Revenue share',
      },
      ...{ rent: 'Rent', deposit: 'Deposit' },
    },
  },
} as const satisfies Record<Language, object>;
