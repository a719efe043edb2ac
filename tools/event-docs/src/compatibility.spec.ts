import { changesBetween, nextMajor, sayChange } from './compatibility';
import type { Schema } from './schema';

const share: Schema = {
  type: 'object',
  properties: { funderId: { type: 'string', format: 'uuid' }, amountFen: { type: 'integer', minimum: 0 } },
  required: ['funderId', 'amountFen'],
};
const published: Schema = {
  'x-topic': 'billing.charge.v1',
  'x-key': 'bookingId',
  type: 'object',
  properties: {
    bookingId: { type: 'string', format: 'uuid' },
    outcome: { type: 'string', enum: ['tied', 'exceptions'] },
    period: { type: 'string', pattern: '^\\d{4}-\\d{2}$' },
    note: { type: 'string' },
    funders: { type: 'array', items: share },
  },
  required: ['bookingId', 'outcome', 'period', 'funders'],
};

/** The published schema with one edit. */
function after(
  edit: (schema: Schema & { properties: Record<string, Schema>; required: string[] }) => void,
): Schema {
  const copy = structuredClone(published) as Schema & {
    properties: Record<string, Schema>;
    required: string[];
  };
  edit(copy);
  return copy;
}

const changesAfter = (edit: Parameters<typeof after>[0]) =>
  changesBetween(published, after(edit)).map(({ field, severity, what }) => `${severity} ${field}: ${what}`);

describe('a schema beside the published one', () => {
  it('is free to stay as it is, to say more and to gain optional fields', () => {
    const edited = changesAfter((schema) => {
      schema.description = 'Better words.';
      schema.properties.reference = { type: 'string', minLength: 1 };
      share.title = 'FunderShare';
    });
    expect(edited).toEqual([]);
  });

  it('may not lose a field, nor rename one', () => {
    expect(changesAfter((schema) => delete schema.properties.note)).toEqual([
      'breaking note: is gone; renaming is removing too',
    ]);
  });

  it('may not change the type of a field', () => {
    expect(changesAfter((schema) => (schema.properties.note = { type: 'integer' }))).toEqual([
      'breaking note: was string and is now integer',
    ]);
  });

  it('may not demand a new field, nor one that was optional', () => {
    const edited = changesAfter((schema) => {
      schema.properties.lines = { type: 'integer' };
      schema.required.push('lines', 'note');
    });
    expect(edited).toEqual([
      'breaking note: is now required; old events lack it',
      'breaking lines: is new and required; old events lack it',
    ]);
  });

  it('may not leave out what readers count on', () => {
    expect(changesAfter((schema) => schema.required.shift())).toEqual([
      'breaking bookingId: may now be absent; readers count on it',
    ]);
  });

  it('may not narrow an enum, and widens it only with the consumers first', () => {
    expect(changesAfter((schema) => (schema.properties.outcome.enum = ['tied', 'open']))).toEqual([
      'breaking outcome: no longer takes exceptions',
      'consumers_first outcome: now also takes open',
    ]);
  });

  it('may not limit free text to a list; the other way round the consumers go first', () => {
    expect(changesAfter((schema) => (schema.properties.note.enum = ['a', 'b']))).toEqual([
      'breaking note: is now limited to a, b',
    ]);
    expect(changesAfter((schema) => delete schema.properties.outcome.enum)).toEqual([
      'consumers_first outcome: is no longer limited to a list',
    ]);
  });

  it('may not tighten a pattern, a format or a bound, and loosens them only with the consumers first', () => {
    const edited = changesAfter((schema) => {
      schema.properties.period.pattern = '^2\\d{3}-\\d{2}$';
      delete schema.properties.bookingId.format;
      schema.properties.note.maxLength = 10;
      schema.properties.funders.minItems = 1;
    });
    expect(edited).toEqual([
      'consumers_first bookingId: format was "uuid" and is now not set',
      'breaking period: pattern was "^\\\\d{4}-\\\\d{2}$" and is now "^2\\\\d{3}-\\\\d{2}$"',
      'breaking note: maxLength was not set and is now 10',
      'breaking funders: minItems was not set and is now 1',
    ]);
  });

  it.each([
    ['minimum', 1, 'breaking'],
    ['minimum', -5, 'consumers_first'],
  ])('is compared inside the items of a list: %s %d', (word, value, severity) => {
    const edited = changesAfter((schema) => {
      const { amountFen } = schema.properties.funders.items?.properties ?? {};
      amountFen[word] = value;
    });
    expect(edited).toEqual([`${severity} funders[].amountFen: minimum was 0 and is now ${value}`]);
  });

  it('may not travel on another topic or under another key', () => {
    expect(changesAfter((schema) => (schema['x-key'] = 'chargeId'))).toEqual([
      'breaking : its key was bookingId and is now chargeId',
    ]);
  });
});

describe('what is said of a change', () => {
  it('names the way out', () => {
    const change = {
      field: 'note',
      severity: 'breaking',
      what: 'is gone; renaming is removing too',
    } as const;
    expect(sayChange('billing.ClaimSubmitted.v1', change)).toBe(
      'billing.ClaimSubmitted.v1 · note is gone; renaming is removing too. ' +
        'Put it back, and tell the new shape as billing.ClaimSubmitted.v2: a new class beside this one.',
    );
    expect(sayChange('a.B.v1', { ...change, severity: 'consumers_first' })).toContain('consumers up before');
  });

  it('counts majors', () =>
    expect(nextMajor('billing.ClaimSubmitted.v9')).toBe('billing.ClaimSubmitted.v10'));
});
