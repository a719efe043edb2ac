import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { allEvents, contractOf, type DomainEvent, type EventClass } from '@doorstep/contracts';
import { breachesOf } from './contract-check';

type Json = Record<string, unknown>;

const SAMPLES = join(__dirname, '../../../../docs/events/samples');
const samples = allEvents().map((contract): { contract: EventClass; text: string } => ({
  contract,
  text: readFileSync(join(SAMPLES, `${contractOf(contract).type}.json`), 'utf8'),
}));
const rubbish = fc.constantFrom<unknown>(
  ...[undefined, null, '', 'x', -1, 0.5, 1e20, true, {}, [], [null], [{}]],
);

/** Every place of a value, inside of others too. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...path, name]))];
}

function spoilt(text: string, [...path]: string[], by: unknown): Json {
  const json = JSON.parse(text) as Json;
  const last = path.pop();
  const holder = path.reduce<Json>((outer, name) => outer[name] as Json, json);
  if (last !== undefined) holder[last] = by;
  return json;
}

describe('the check of a contract', () => {
  it.each(samples)('passes the sample of $contract.name', ({ contract, text }) => {
    expect(breachesOf(plainToInstance(contract, JSON.parse(text)) as DomainEvent)).toEqual([]);
  });

  it('finds what class-validator finds, wherever an event is spoilt', () => {
    const anyPlace = fc.constantFrom(...samples).chain((sample) =>
      fc.record({
        sample: fc.constant(sample),
        path: fc.constantFrom(...placesOf(JSON.parse(sample.text))),
      }),
    );
    fc.assert(
      fc.property(anyPlace, rubbish, ({ sample: { contract, text }, path }, by) => {
        const event = plainToInstance(contract, spoilt(text, path, by)) as DomainEvent;
        expect(breachesOf(event)).toEqual(validateSync(event, { forbidUnknownValues: false }));
      }),
      { numRuns: 500 },
    );
  });
});
