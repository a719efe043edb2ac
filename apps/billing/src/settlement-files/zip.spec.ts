import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { aZip, inGbk } from './alipay-bill.examples';
import { looksZipped, unzipped, zipEntries } from './zip.reader';

let directory: string;
let count = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doorstep-zip-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function onDisk(bytes: Buffer): Promise<string> {
  const path = join(directory, String(++count));
  await writeFile(path, bytes);
  return path;
}
async function read(bytes: Buffer, index = 0): Promise<Buffer> {
  const path = await onDisk(bytes);
  const entries = await zipEntries(path);
  const chunks: Buffer[] = [];
  for await (const chunk of await unzipped(path, entries[index])) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('an archive', () => {
  const content = Buffer.from('账单'.repeat(10_000));

  it('gives out its files, packed or stored', async () => {
    const zip = aZip([
      { name: 'a.csv', content },
      { name: 'b.csv', content: randomBytes(300_000), stored: true },
    ]);
    expect(looksZipped(zip)).toBe(true);
    expect(await read(zip)).toEqual(content);
    expect((await read(zip, 1)).length).toBe(300_000);
  });

  it('may have names in GBK, and a comment behind its end', async () => {
    const zip = aZip([{ name: inGbk('2088_20261102_业务明细.csv'), content }]);
    zip.writeUInt16LE(7, zip.length - 2);
    const path = await onDisk(Buffer.concat([zip, Buffer.from('comment')]));
    expect((await zipEntries(path)).map(({ name }) => name)).toEqual(['2088_20261102_业务明细.csv']);
  });
});

describe('a broken archive', () => {
  const good = aZip([{ name: 'a.csv', content: randomBytes(5_000) }]);
  /** Some bytes are others, counted from the end when below zero. */
  function damaged(at: number): Buffer {
    const bytes = Buffer.from(good);
    bytes.fill(1, at < 0 ? bytes.length + at : at, (at < 0 ? bytes.length + at : at) + 10);
    return bytes;
  }

  it.each<[string, Buffer, string]>([
    ['cut off', good.subarray(0, good.length - 30), 'directory'],
    ['of its head alone', good.subarray(0, 100), 'directory'],
    ['with a damaged directory', damaged(-70), 'directory'],
    ['with rubbish behind its end', Buffer.concat([good, Buffer.from('rubbish')]), 'directory'],
    ['damaged inside', damaged(200), 'damaged'],
    ['encrypted', aZip([{ name: 'a.csv', content: Buffer.from('x'), encrypted: true }]), 'encrypted'],
    ['empty', aZip([{ name: 'a.csv', content: Buffer.alloc(0), stored: true }]), 'empty'],
  ])('%s is refused', async (_name, bytes, why) => {
    await expect(read(bytes)).rejects.toThrow(why);
  });

  it('that unfolds without end is stopped', async () => {
    const bomb = aZip([{ name: 'a.csv', content: Buffer.alloc(80 * 1024 ** 2) }]);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(read(bomb)).rejects.toThrow('unfolds to more');
  });

  it('that claims thousands of files is not even listed', async () => {
    const many = Buffer.from(good);
    many.writeUInt16LE(60_000, many.length - 12);
    await expect(read(many)).rejects.toThrow('out of bounds');
  });
});
