import type { Admin, Consumer } from 'kafkajs';

/** In what state a group has no members. */
const AT_REST = ['Empty', 'Dead'];
const EARLIEST = '-2';

/**
 * Puts a group without members back to the beginning of topics. kafkajs moves offsets only as a member; the admin client
 * would join the group anew for each topic, which takes seconds every time.
 */
export async function rewind(
  admin: Admin,
  consumer: Consumer,
  groupId: string,
  topics: readonly string[],
): Promise<void> {
  const { groups } = await admin.describeGroups([groupId]);
  const running = groups.find(({ state }) => !AT_REST.includes(state));
  if (running)
    throw new Error(`the consumer group must have no running instances, current state: ${running.state}`);
  const partitions: { topic: string; partition: number }[] = [];
  for (const topic of topics)
    for (const { partition } of await admin.fetchTopicOffsets(topic)) partitions.push({ topic, partition });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    // Offsets that were sought are committed before anything is fetched.
    consumer.on(consumer.events.FETCH, () => resolve());
    consumer.run({ eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() }).catch(reject);
    consumer.pause(topics.map((topic) => ({ topic })));
    for (const place of partitions) consumer.seek({ ...place, offset: EARLIEST });
  });
}
