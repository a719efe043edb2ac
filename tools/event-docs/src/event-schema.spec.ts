import { DomainEvent, EventType, FACILITIES_SITE } from '@doorstep/contracts';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { classDocsOf } from './doc-comments';
import { eventSchema } from './event-schema';

class Span {
  @Matches(/^\d\d:\d\d$/) opens: string;
  @IsOptional() @IsInt() @Min(1) seats?: number;
}

class Day {
  @IsArray() @ValidateNested({ each: true }) @Type(() => Span) spans: Span[];
}

abstract class Fact extends DomainEvent {
  @IsUUID() declare operatorId: string;
  @IsUUID() siteId: string;
}

@EventType({ type: 'tests.Everything.v1', topic: FACILITIES_SITE, key: 'siteId' })
class Everything extends Fact {
  // Bounds before the type on purpose: the order of decorators must not matter.
  @Min(1) @Max(7) @IsInt() weekday: number;
  @IsIn(['a', 'b']) choice: 'a' | 'b';
  @IsISO8601() start: string;
  @IsOptional() @IsNotEmpty() @IsString() note?: string;
  @IsArray() @IsString({ each: true }) skills: string[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => Day) days: Day[];
  @IsOptional() @ValidateNested() @Type(() => Span) best?: Span;
}

@EventType({ type: 'tests.Endless.v1', topic: FACILITIES_SITE, key: 'siteId' })
class Endless extends Fact {
  @ValidateNested() @Type(() => Endless) again: Endless;
}

const docs = classDocsOf(`
  /** Said of the base. */
  abstract class Fact extends DomainEvent {
    /** Which site. */
    @IsUUID() siteId: string;
  }
  /**
   * Told once
   * a day.
   */
  @EventType({})
  export class Everything extends Fact {
    /** Local day of the week. */
    @IsInt() weekday: number;
    // no doc comment
    @IsIn([]) choice: string;
  }
`);

const schema = eventSchema(Everything, docs);
const fields = schema.properties ?? {};

describe('the schema of an event class', () => {
  it('says where the event travels', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'https://doorstep.dev/events/tests.Everything.v1.json',
      'x-topic': 'facilities.site.v1',
      'x-key': 'siteId',
      title: 'Everything',
    });
  });

  it("takes descriptions from the comments of the class and its bases, an inherited field's too", () => {
    expect(schema.description).toBe('Told once a day.');
    expect(fields.weekday.description).toBe('Local day of the week.');
    expect(fields.siteId.description).toBe('Which site.');
    expect(fields.choice.description).toBeUndefined();
  });

  it('lists what the base decorates first, then its own in the order of the source', () => {
    expect(Object.keys(fields)).toEqual([
      'version',
      'at',
      'operatorId',
      'siteId',
      'weekday',
      'choice',
      'start',
      'note',
      'skills',
      'days',
      'best',
    ]);
  });

  it('requires what no decorator makes optional; a redeclared field follows its own class, not the base', () => {
    expect(schema.required).toEqual([
      'version',
      'at',
      'operatorId',
      'siteId',
      'weekday',
      'choice',
      'start',
      'skills',
      'days',
    ]);
  });

  it('knows integers, bounds, enums, instants, text and patterns', () => {
    expect(fields).toMatchObject({
      version: { type: 'integer', minimum: 1 },
      weekday: { type: 'integer', minimum: 1, maximum: 7 },
      choice: { type: 'string', enum: ['a', 'b'] },
      start: { type: 'string', format: 'date-time' },
      note: { type: 'string', minLength: 1 },
      skills: { type: 'array', items: { type: 'string' } },
    });
  });

  it('writes nested classes where they are used, lists of lists too', () => {
    const span = {
      title: 'Span',
      type: 'object',
      properties: {
        opens: { type: 'string', pattern: '^\\d\\d:\\d\\d$' },
        seats: { type: 'integer', minimum: 1 },
      },
      required: ['opens'],
    };
    expect(fields.best).toEqual(span);
    expect(fields.days).toMatchObject({
      type: 'array',
      items: { properties: { spans: { type: 'array', items: span } } },
    });
  });

  it('never closes an object, so that new fields can come', () => {
    expect(JSON.stringify(schema)).not.toContain('additionalProperties');
  });
});

it('refuses a class that contains itself', () => {
  expect(() => eventSchema(Endless, docs)).toThrow('Endless contains itself');
});
