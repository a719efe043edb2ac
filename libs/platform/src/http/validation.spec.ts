import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { DomainError } from '@doorstep/kernel';
import { validationPipe } from './validation';

class Note {
  @IsString()
  text: string;

  @IsOptional()
  more?: unknown;
}

class Report {
  @ApiProperty({ description: 'Its month.', example: '2026-11' })
  @Matches(/^\d{4}-\d\d$/)
  month: string;
}

const read = (value: unknown): Promise<unknown> =>
  validationPipe().transform(value, { type: 'body', metatype: Note }) as Promise<unknown>;
const refusalOf = async (value: unknown): Promise<DomainError> =>
  read(value).then(
    () => {
      throw new Error('was not refused');
    },
    (error: DomainError) => error,
  );

describe('text in a body', () => {
  it('passes when it is Unicode, in any script', async () => {
    expect(await read({ text: '护理员 👩‍⚕️' })).toMatchObject({ text: '护理员 👩‍⚕️' });
  });

  it.each([
    ['a NUL', { text: 'a\0b' }, 'text'],
    ['half of a surrogate pair', { text: '\ud800' }, 'text'],
    ['either of them deep inside', { text: 'a', more: [{ deep: 'x\udfffy' }] }, 'more[0].deep'],
  ])('is refused with %s, naming the field', async (_what, body, field) => {
    const refusal = await refusalOf(body);
    expect([refusal.code, refusal.details.field]).toEqual(['text_malformed', field]);
  });

  it('names all fields that are not as described', async () => {
    const refusal = await refusalOf({ text: 1, other: 2 });
    expect(refusal.details.errors).toMatchObject([{ field: 'other' }, { field: 'text' }]);
  });

  it('says how a field should be, by the example of the API document and without a pattern', async () => {
    const metadata = { type: 'body', metatype: Report } as const;
    const refused = await (validationPipe().transform({ month: 'Nov' }, metadata) as Promise<unknown>).catch(
      (error: DomainError) => error.details.errors,
    );
    expect(refused).toEqual([
      {
        field: 'month',
        reason: 'month is not of the form asked for.',
        mend: 'Give month as /v1/openapi.json describes it, such as "2026-11".',
      },
    ]);
  });

  it('says once that a field is missing, whatever is asked of it', async () => {
    const refusal = await refusalOf({});
    expect(refusal.message).toBe('Not as described: text.');
    expect(refusal.details.errors).toMatchObject([{ field: 'text', reason: 'text is missing.' }]);
  });
});
