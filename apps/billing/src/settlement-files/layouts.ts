import type { Day } from '@doorstep/kernel';
import { AlipayBillReader } from './alipay-bill';
import type { BillReader } from './bill';
import type { Encoding } from './bill-stream';
import { CashDeskSheetReader } from './cash-desk-sheet';
import { WechatBillReader } from './wechat-bill';

/** Channels whose bills can be read. */
export const FILE_CHANNELS = ['wechat', 'alipay', 'cash'] as const;
export type FileChannel = (typeof FILE_CHANNELS)[number];

/** How a channel writes its bill. A new channel is a new reader and a new entry here. */
export interface Layout {
  reader(billDay?: Day): BillReader;
  /** @param readsAsUtf8 whether the beginning of the file is valid UTF-8 */
  encodingOf(readsAsUtf8: boolean): Encoding;
  /** Which file of an archive is the bill. */
  isBill(name: string): boolean;
}

export const LAYOUTS: Record<FileChannel, Layout> = {
  wechat: {
    reader: (billDay) => new WechatBillReader(billDay),
    encodingOf: () => 'utf-8',
    isBill: (name) => name.endsWith('.csv'),
  },
  alipay: {
    reader: (billDay) => new AlipayBillReader(billDay),
    // GBK as it comes; somebody may have saved it in UTF-8.
    encodingOf: (readsAsUtf8) => (readsAsUtf8 ? 'utf-8' : 'gb18030'),
    isBill: (name) => name.endsWith('.csv') && !name.includes('汇总'),
  },
  cash: {
    reader: (billDay) => new CashDeskSheetReader(billDay),
    encodingOf: (readsAsUtf8) => (readsAsUtf8 ? 'utf-8' : 'gb18030'),
    isBill: (name) => name.endsWith('.csv'),
  },
};
