import { PassThrough, type Readable } from 'node:stream';
import { DomainError } from '@doorstep/kernel';
import { limitedStream } from '@doorstep/platform';

/** Reads a whole body; 413 as soon as it is known to be too large. */
export async function readBody(
  stream: Readable | undefined,
  declared: number,
  bytesMax: number,
): Promise<Buffer> {
  if (!stream) return Buffer.alloc(0);
  if (declared > bytesMax) throw bodyTooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw bodyTooLarge(bytesMax);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** A body that is passed on as it arrives. */
export function passingBody(stream: Readable | undefined, declared: number, bytesMax: number): Readable {
  if (declared > bytesMax) throw bodyTooLarge(bytesMax);
  return stream ? limitedStream(stream, bytesMax, bodyTooLarge) : new PassThrough().end();
}

function bodyTooLarge(bytesMax: number): DomainError {
  return new DomainError('too_large', 'body_too_large', `The body is larger than ${bytesMax} bytes.`, {
    mend: 'Send less at once.',
    bytesMax,
  });
}
