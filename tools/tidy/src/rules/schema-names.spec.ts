import { schemaNames } from './schema-names';

const file = (path: string) => ({ path, text: 'export class LineDto {\n  day: string;\n}\n' });

describe('names of schemas', () => {
  it('are one for each class of a service', () => {
    const files = [
      file('apps/billing/src/bills/bills.dto.ts'),
      file('apps/billing/src/claims/claims.dto.ts'),
    ];
    expect(schemaNames(files)).toMatchObject([
      { path: 'apps/billing/src/claims/claims.dto.ts', line: 1, rule: 'schema-name' },
    ]);
  });

  it('may come again in another service, whose document is another one', () => {
    expect(schemaNames([file('apps/billing/src/a.dto.ts'), file('apps/bookings/src/a.dto.ts')])).toEqual([]);
  });
});
