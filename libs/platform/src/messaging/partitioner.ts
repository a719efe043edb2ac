import type { ICustomPartitioner } from 'kafkajs';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * The partition of a key as the Java client and kafkajs choose it, murmur2 modulo the partitions, so that keys stay where they
 * are. kafkajs makes an object of two halves for each step of the hash, and looks through all partitions for each message.
 */
export const byKey: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message }) =>
    (murmur2(Buffer.from(message.key as string | Buffer)) & 0x7fffffff) % partitionMetadata.length;

/** MurmurHash2 of A. Appleby, 32 bits, with the seed of Kafka's clients (org.apache.kafka.common.utils.Utils). */
export function murmur2(bytes: Buffer): number {
  const whole = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let i = 0; i < whole; i += 4) {
    const mixed = Math.imul(bytes.readInt32LE(i), M);
    hash = Math.imul(hash, M) ^ Math.imul(mixed ^ (mixed >>> 24), M);
  }
  if (bytes.length > whole) {
    for (let i = whole; i < bytes.length; i++) hash ^= bytes[i] << (8 * (i - whole));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
