import type { Admin, Consumer, EachBatchHandler } from 'kafkajs';
import { incoming, type IncomingMessage } from './fetched';

/** A broker that brings nothing for so long will not bring the rest either. */
const SILENCE_MS_MAX = 30_000;

export type OnMessage = (message: IncomingMessage) => void;

/**
 * Hands over every message that the topics have at this moment, each partition's in order, and then ends.
 *
 * @returns whether the consumer has joined its group: for topics without messages it need not
 */
export async function scan(
  admin: Admin,
  consumer: Consumer,
  prefix: string,
  topics: readonly string[],
  onMessage: OnMessage,
): Promise<boolean> {
  const ends = new Map<string, number>();
  const named = topics.map((topic) => prefix + topic);
  for (const topic of named) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
  }
  if (ends.size === 0) return false;
  await consumer.connect();
  await consumer.subscribe({ topics: named, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const giveUp = () =>
      reject(new Error('the broker brings nothing more, and the topics are not at their ends'));
    const silence = setTimeout(giveUp, SILENCE_MS_MAX);
    const eachBatch: EachBatchHandler = async ({ batch }) => {
      silence.refresh();
      const place = `${batch.topic}/${batch.partition}`;
      const end = ends.get(place) ?? 0;
      const topic = batch.topic.slice(prefix.length);
      for (const message of batch.messages)
        if (Number(message.offset) < end) onMessage(incoming(topic, batch.partition, message));
      // The newest message of a partition is never compacted away, so its end is reached.
      if (Number(batch.lastOffset()) + 1 >= end) ends.delete(place);
      if (ends.size > 0) return;
      clearTimeout(silence);
      resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
  return true;
}
