import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { allEvents, contractOf, type DomainEvent, type EventClass } from '@doorstep/contracts';
import { breachesOf, instanceOf } from './contract-check';

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

const anyPlace = fc.constantFrom(...samples).chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    path: fc.constantFrom(...placesOf(JSON.parse(sample.text))),
  }),
);

describe('the check of a contract', () => {
  it.each(samples)('passes the sample of $contract.name', ({ contract, text }) => {
    expect(breachesOf(plainToInstance(contract, JSON.parse(text)) as DomainEvent)).toEqual([]);
  });

  it('finds what class-validator finds, wherever an event is spoilt', () => {
    fc.assert(
      fc.property(anyPlace, rubbish, ({ sample: { contract, text }, path }, by) => {
        const event = plainToInstance(contract, spoilt(text, path, by)) as DomainEvent;
        expect(breachesOf(event)).toEqual(validateSync(event, { forbidUnknownValues: false }));
      }),
      { numRuns: 500 },
    );
  });

  it('reads data as class-transformer does, wherever it is spoilt', () => {
    const read = (how: () => object): object | string => {
      try {
        return how();
      } catch {
        return 'not to be read';
      }
    };
    fc.assert(
      fc.property(anyPlace, rubbish, ({ sample: { contract, text }, path }, by) => {
        const json = () => JSON.parse(JSON.stringify(spoilt(text, path, by))) as object;
        const [ours, theirs] = [
          read(() => instanceOf(contract, json())),
          read(() => plainToInstance(contract, json())),
        ];
        expect(ours).toStrictEqual(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['{"__proto__":{"version":1}}', '{"constructor":{"name":"Object"}}'])(
    'takes no %s over',
    (text) => {
      for (const { contract } of samples) {
        const read = instanceOf(contract, JSON.parse(text) as object);
        expect(Object.getPrototypeOf(read)).toBe(contract.prototype);
        expect(read.constructor).toBe(contract);
      }
    },
  );
});
