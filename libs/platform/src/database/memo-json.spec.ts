import fc from 'fast-check';
import { fromMemo, toMemo } from './memo-json';

describe('memo JSON', () => {
  const instants = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      instants,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  it('gives back what was put in, instants as instants', () => {
    fc.assert(fc.property(value, (given) => expect(fromMemo(toMemo(given))).toEqual(given)));
  });

  it('a write without a result is remembered as null', () => {
    expect(fromMemo(toMemo(undefined))).toBeNull();
  });
});
