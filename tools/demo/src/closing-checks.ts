import type { BrokerCount, Books } from './books';
import { same } from './checks';
import type { Check } from './report';

/** What must hold of the whole platform when everything has been played. */
export async function closingChecks(
  books: Books,
  broker: BrokerCount,
  counters: { published: number },
): Promise<Check[]> {
  const outbox = await outboxRows(books);
  let dead = 0;
  for (const database of books.databases) {
    dead += await books.number(database, 'SELECT count(*) FROM dead_letter');
  }
  return [
    same(
      'every event is at the broker',
      'events that services sent against the ends of all partitions',
      counters.published,
      broker.published,
    ),
    same('nothing waits', 'rows in outboxes and messages behind, together', outbox + broker.lag, 0),
    same('no dead letters', 'in all databases', dead, 0),
  ];
}

/** Events of all services that are not at the broker yet. */
export async function outboxRows(books: Books): Promise<number> {
  const rows = await Promise.all(
    books.databases.map((database) => books.number(database, 'SELECT count(*) FROM outbox')),
  );
  return rows.reduce((sum, here) => sum + here, 0);
}
