import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GatewayConfig } from '../config';
import { passingBody } from './body.streams';

const GIB = 1024 ** 3;
const { uploadBytesMax } = new GatewayConfig();

/** Really that many bytes, of which only one piece is ever in memory. */
function bytes(count: number): Readable {
  const piece = Buffer.alloc(1024 ** 2, 'a,b\n');
  return Readable.from(
    (function* () {
      for (let left = count; left > 0; left -= piece.length)
        yield piece.subarray(0, Math.min(left, piece.length));
    })(),
  );
}

async function passed(body: Readable): Promise<number> {
  let arrived = 0;
  const service = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      arrived += chunk.length;
      done();
    },
  });
  await pipeline(body, service);
  return arrived;
}

describe('the largest upload', () => {
  it('is 2 GiB unless somebody says otherwise', () => expect(uploadBytesMax).toBe(2 * GIB));

  it('goes through to its last byte', async () =>
    expect(await passed(passingBody(bytes(2 * GIB), 2 * GIB, uploadBytesMax))).toBe(2 * GIB));

  it('is broken off at one byte more, when nobody said how long it is', async () => {
    const body = passingBody(bytes(2 * GIB + 1), 0, uploadBytesMax);
    await expect(passed(body)).rejects.toMatchObject({ kind: 'too_large', code: 'body_too_large' });
  });

  it('is refused before its first byte when it says to be longer', () => {
    const body = bytes(2 * GIB + 1);
    expect(() => passingBody(body, 2 * GIB + 1, uploadBytesMax)).toThrow(
      expect.objectContaining({ code: 'body_too_large' }),
    );
    expect(body.readableDidRead).toBe(false);
  });
});
