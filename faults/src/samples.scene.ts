import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents, contractOf, type DomainEvent, event, type EventClass } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { EventStrategy } from '@doorstep/platform';
import type { TestService } from '@doorstep/testing';

const SAMPLES = join(__dirname, '../../docs/events/samples');
type Sample = Record<string, unknown>;

/** Facts once, as their samples are, but each of another thing; snapshots of three things each, each in three versions that don't come in order. */
export function streamFor({ running }: TestService, answers: readonly EventClass[] = []): DomainEvent[] {
  const { topics } = running.app.get(EventStrategy);
  const heard = allEvents().filter(
    (type) => topics.includes(contractOf(type).topic.name) && !answers.includes(type),
  );
  return heard.flatMap((type) => {
    const { key, topic, type: name } = contractOf(type);
    const samples = samplesOf(name);
    if (!topic.compacted) return samples.map((sample) => made(type, { ...sample, [key]: newId() }));
    return [0, 1, 2].flatMap((thing) => versionsOf(type, samples[thing % samples.length], thing));
  });
}

function samplesOf(type: string): Sample[] {
  return readdirSync(SAMPLES)
    .filter((file) => file === `${type}.json` || (file.startsWith(`${type}.`) && file.endsWith('.json')))
    .map((file) => JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as Sample);
}

function versionsOf(type: EventClass, sample: Sample, thing: number): DomainEvent[] {
  const { key } = contractOf(type);
  const id = newId();
  const keys: Sample = { [key]: id };
  if (key === 'code') keys.code = `31010100200${thing}`;
  if (key === 'capacityId')
    Object.assign(keys, { offeringId: id, capacityId: `${id}/${String(sample.month)}` });
  return [2, 3, 1].map((version) =>
    made(type, { ...ended(varied(sample, version), thing, version), ...keys, version }),
  );
}

const NAMES = ['name', 'nameZh', 'number', 'jobTitle'];
const SWITCHES = ['active', 'inForce', 'hardship', 'suspended', 'notificationConsent'];

/** What one version says and another one doesn't. */
function varied(sample: Sample, version: number): Sample {
  return Object.fromEntries(
    Object.entries(sample).map(([field, value]) => {
      if (NAMES.includes(field)) return [field, `${String(value)} ${version}`];
      if (SWITCHES.includes(field)) return [field, version % 2 === 0];
      return [field, value];
    }),
  );
}

/** The last resident is erased by the last version, which tells nothing of it any more. */
function ended(sample: Sample, thing: number, version: number): Sample {
  if (!('erased' in sample) || thing < 2 || version < 3) return sample;
  const { operatorId, at, birthDate, regionCode } = sample;
  const no = { hardship: false, disability: false, subsidyConsent: false, notificationConsent: false };
  return { operatorId, at, birthDate, regionCode, ...no, erased: true };
}

function made(type: EventClass, data: Sample): DomainEvent {
  return event(type, data as unknown as DomainEvent);
}
