import fc from 'fast-check';
import { type PartitionerArgs, Partitioners } from 'kafkajs';
import { byKey } from './partitioner';

describe('the partition of a key', () => {
  const kafkajs = Partitioners.DefaultPartitioner();
  const ours = byKey();
  const of = (key: string | Buffer, partitions: number): PartitionerArgs => ({
    topic: 'a',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] },
    })),
    message: { key, value: null },
  });

  it('is the one that kafkajs chose for it before', () => {
    const key = fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme' }), fc.uint8Array().map(Buffer.from));
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 64 }), (value, partitions) => {
        expect(ours(of(value, partitions))).toBe(kafkajs(of(value, partitions)));
      }),
      { numRuns: 2_000 },
    );
  });
});
