import { createRequire } from 'node:module';

interface Header {
  key: string;
  value: Buffer | string | null;
}

/** Of a length below a hundred million. */
const LENGTH_BYTES_MAX = 4;

/** A message's header in Kafka's record format, version 2, as kafkajs wants to find it. */
export function headerBytes({ key, value }: Header): { buf: Buffer; buffer: Buffer } {
  const keyBytes = Buffer.byteLength(key);
  const valueBytes = value === null ? -1 : Buffer.byteLength(value);
  const room = Buffer.allocUnsafe(2 * LENGTH_BYTES_MAX + keyBytes + Math.max(valueBytes, 0));
  let end = writeLength(room, 0, keyBytes);
  end += room.write(key, end);
  end = writeLength(room, end, valueBytes);
  if (typeof value === 'string') end += room.write(value, end);
  else if (value !== null) end += value.copy(room, end);
  const buffer = room.subarray(0, end);
  return { buf: buffer, buffer };
}

/** Zigzag and base 128, the low seven bits first. @returns where it ends */
function writeLength(room: Buffer, start: number, length: number): number {
  let left = length < 0 ? -2 * length - 1 : 2 * length;
  let end = start;
  for (; left > 127; left >>>= 7) room[end++] = (left & 127) | 128;
  room[end++] = left;
  return end;
}

const load = createRequire(__filename);

// kafkajs lays out 512 bytes, filled with zeros, for each of the twelve headers of an event, and a list for each length: half of
// what it takes to write the event down (docs/decisions/0081). Put in its place before kafkajs is loaded; too late would only be slower.
const place = load.resolve('kafkajs/src/protocol/recordBatch/header/v0');
load(place);
(load.cache[place] as NodeJS.Module).exports = headerBytes;
