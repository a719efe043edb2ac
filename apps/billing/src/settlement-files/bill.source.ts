import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import type { Layout } from './layouts';
import type { Encoding } from './bill-stream';
import { looksZipped, unzipped, zipEntries } from './zip.reader';

/** Small enough that a piece and its fields are gone before the collector has moved them among what stays. */
const CHUNK_BYTES = 65_536;
const HEAD_BYTES = 1024;

/** The bill inside of what was uploaded: the file itself, or the one in its archive. */
export async function openBill(
  path: string,
  layout: Pick<Layout, 'encodingOf' | 'isBill'>,
): Promise<{ bytes: Readable; encoding: Encoding }> {
  const head = await headOf(path);
  if (!looksZipped(head)) {
    return {
      bytes: createReadStream(path, { highWaterMark: CHUNK_BYTES }),
      encoding: layout.encodingOf(readsAsUtf8(head)),
    };
  }
  const bills = (await zipEntries(path)).filter(({ name }) => layout.isBill(name));
  if (bills.length !== 1) {
    throw new DomainError(
      'invalid',
      'archive_without_bill',
      `The archive holds ${bills.length} bills, not one.`,
      {
        mend: 'Send the archive as the channel gives it, or the bill inside of it.',
      },
    );
  }
  const bytes = await unzipped(path, bills[0]);
  return { bytes, encoding: layout.encodingOf(readsAsUtf8(await peek(bytes))) };
}

export async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first chunk of a stream, put back so that the reader still gets it. */
function peek(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('end', () => resolve(Buffer.alloc(0)));
    stream.once('readable', () => {
      stream.off('error', reject);
      const chunk = stream.read() as Buffer | null;
      if (chunk) stream.unshift(chunk);
      resolve((chunk ?? Buffer.alloc(0)).subarray(0, HEAD_BYTES));
    });
  });
}

/** Text in GBK practically never is valid UTF-8. The last character may be cut off in the middle. */
export function readsAsUtf8(head: Buffer): boolean {
  return [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, Math.max(0, head.length - cut))));
}
