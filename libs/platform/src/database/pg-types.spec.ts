import { safeInteger } from './pg-types';

describe('bigint columns', () => {
  it('arrive as numbers', () => expect(safeInteger('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER));
  it('that would lose digits are refused', () =>
    expect(() => safeInteger('9007199254740993')).toThrow('does not fit a safe integer'));
});
