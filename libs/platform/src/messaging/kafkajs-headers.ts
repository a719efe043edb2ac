import { createRequire } from 'node:module';

interface Encoder {
  buffer: Buffer;
  writeVarIntString(value: string): Encoder;
  writeVarIntBytes(value: Buffer | string | null): Encoder;
}

interface Header {
  key: string;
  value: Buffer | string | null;
}

const load = createRequire(__filename);
const Encoder = load('kafkajs/src/protocol/encoder') as new (bytes: number) => Encoder;

/** Two lengths of at most three bytes each; nobody has longer headers. */
const LENGTHS_BYTES = 6;

/** A message's header as kafkajs writes it down (Kafka's record format, version 2), in as many bytes as it takes. */
export function headerBytes({ key, value }: Header): Encoder {
  const bytes = LENGTHS_BYTES + Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value));
  return new Encoder(bytes).writeVarIntString(key).writeVarIntBytes(value);
}

// kafkajs lays out 512 bytes, filled with zeros, for each of the twelve headers of an event: two fifths of what it takes to
// write the event down (docs/decisions/0081). Put in its place before kafkajs is loaded; too late would only be slower.
const place = load.resolve('kafkajs/src/protocol/recordBatch/header/v0');
load(place);
(load.cache[place] as NodeJS.Module).exports = headerBytes;
