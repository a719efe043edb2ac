import { crc32, deflateRawSync } from 'node:zlib';
import { formatYuan, parseYuan } from '@doorstep/kernel';

/* Business details as Alipay writes them, and archives around them, for specs. */

const HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';

interface DetailParts {
  order?: string;
  type?: string;
  at?: string;
  amount?: string;
  ordered?: string;
  refundNo?: string;
  fee?: string;
  place?: string;
}

/** A payment of 18 yuan. */
export function detail(parts: DetailParts = {}): string {
  const { amount = '18.00', at = '2026-11-02 11:15:00', order = 'DS1' } = parts;
  const fields = [
    ...[
      `20261102${order}`,
      order,
      parts.type ?? '交易',
      '社区午餐',
      at,
      at,
      parts.place ?? 'S-1',
      '外滩站',
      '',
      '',
    ],
    ...[
      '151****0000',
      parts.ordered ?? amount,
      amount,
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '',
      '0.00',
      '0.00',
    ],
    ...[parts.refundNo ?? '', parts.fee ?? '-0.11', '0.00', ''],
  ];
  return fields.map((field) => `${field}\t`).join(',');
}

/** A refund of 5 yuan. */
export function refundDetail(parts: DetailParts = {}): string {
  return detail({ type: '退款', amount: '-5.00', refundNo: 'R1', fee: '0.03', ...parts });
}

interface DetailBill {
  lines: string[];
  day?: string;
  next?: string;
  /** Wrong totals: 交易 or 退款 to what the file should say. */
  totals?: Partial<Record<'交易' | '退款', string>>;
  end?: boolean;
}

export function anAlipayBill({
  lines,
  day = '2026-11-02',
  next,
  totals = {},
  end = true,
}: DetailBill): string {
  const written = (on: string): string => on.replace(/(\d+)-(\d+)-(\d+)/, '$1年$2月$3日 00:00:00');
  const following = next ?? new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const of = (type: string): string[] => lines.filter((line) => line.split(',')[2]?.trim() === type);
  const sum = (type: string): string =>
    formatYuan(of(type).reduce((total, line) => total + (parseYuan(line.split(',')[12].trim()) ?? 0), 0));
  return [
    '#支付宝业务明细查询',
    '#账号：[20881234567890120156]',
    `#起始日期：[${written(day)}]   终止日期：[${written(following)}]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    HEADER,
    ...lines,
    ...(end
      ? ['#-----------------------------------------业务明细列表结束------------------------------------']
      : []),
    totals.交易 ?? `#交易合计：${of('交易').length}笔，商家实收共${sum('交易')}元，商家优惠共0.00元`,
    totals.退款 ?? `#退款合计：${of('退款').length}笔，商家实收退款共${sum('退款')}元，商家优惠退款共0.00元`,
    '#导出时间：[2026年11月03日 10:00:00]',
    '',
  ].join('\r\n');
}

/** Text in GBK; enough of it for bills, by turning the decoder's table around. */
export function inGbk(text: string): Buffer {
  gbkBytes ??= gbkTable();
  return Buffer.concat(
    [...text].map((character) =>
      character < '\x80' ? Buffer.from(character) : (gbkBytes?.get(character) ?? Buffer.from('?')),
    ),
  );
}

let gbkBytes: Map<string, Buffer> | undefined;

function gbkTable(): Map<string, Buffer> {
  const table = new Map<string, Buffer>();
  const decoder = new TextDecoder('gb18030');
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) {
      const bytes = Buffer.from([first, second]);
      const character = decoder.decode(bytes);
      if ([...character].length === 1 && character !== '\ufffd') table.set(character, bytes);
    }
  }
  return table;
}

interface Packed {
  name: string | Buffer;
  content: Buffer;
  stored?: boolean;
  encrypted?: boolean;
}

/** A zip archive; names in GBK as Alipay writes them when they come as bytes. */
export function aZip(files: Packed[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, encrypted = false } of files) {
    const nameBytes = typeof name === 'string' ? Buffer.from(name) : name;
    const packed = stored ? content : deflateRawSync(content);
    const flags = (typeof name === 'string' ? 0x800 : 0) | (encrypted ? 1 : 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listed, Buffer.from('PK\x05\x06'), end]);
}
