import type { Topic } from '@doorstep/contracts';
import type { DescribedEvent } from './events';

const DAY_MS = 86_400_000;

/** docs/events/README.md: the two tables that people look for first. */
export function eventsReadme(events: readonly DescribedEvent[], topics: readonly Topic[]): string {
  return `# Events

Made by \`npm run events\` from the classes in libs/contracts; don't edit. The whole as one document: [asyncapi.json](asyncapi.json) (AsyncAPI 3.0).
Each event's data has a JSON Schema (draft-07, which AsyncAPI 3.0's own dialect contains) and a golden sample that every build must still read.
The envelope is CloudEvents 1.0 in Kafka headers. Delivery is at least once, in order per key; know a repeat by \`ce_id\`.

## Topics

${table(['topic', 'told by', 'partitions', 'kept'], topics.map(topicRow(events)))}

## Events

${table(['type', 'key', 'what it says', ''], events.map(eventRow))}

## Changing an event

| change | |
|---|---|
| new optional field, new event type | free |
| wider enum or bound, dropped pattern | allowed; bring the consumers up first: an older one parks (not loses) what it does not know |
| field removed, renamed or retyped; newly required, or no longer so; narrower enum or bound; other topic or key | refused (compared with the last commit) by \`npm run events\` and by the tests: write a new class with the next major in its type, and tell both until nobody reads the old one |

A golden sample is never changed and never deleted: it stands for events that are already told. A new type needs one, \`samples/<type>.json\`;
what comes later is shown in one more, \`samples/<type>.<label>.json\`.
`;
}

function topicRow(events: readonly DescribedEvent[]) {
  return (topic: Topic): string[] => {
    const producers = new Set(events.filter((e) => e.topic.name === topic.name).map((e) => e.producer));
    const facts = topic.retentionMs < 0 ? 'for ever' : `${topic.retentionMs / DAY_MS} days`;
    const kept = topic.compacted ? 'newest of each key, for ever' : facts;
    return [`\`${topic.name}\``, [...producers].join(', '), String(topic.partitions), kept];
  };
}

function eventRow({ type, key, description }: DescribedEvent): string[] {
  const links = `[schema](schemas/${type}.json) · [sample](samples/${type}.json)`;
  return [`\`${type}\``, `\`${key}\``, (description ?? '').replaceAll('|', '\\|'), links];
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
