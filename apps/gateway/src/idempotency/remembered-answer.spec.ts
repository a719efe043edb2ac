import { isFinal } from './remembered-answer';

const body = Buffer.from('{"code":"x"}');

describe('an answer that may be given again', () => {
  it.each([
    [201, {}, true],
    [409, {}, true],
    [429, {}, false],
    [503, {}, false],
    [200, { 'cache-control': 'no-store' }, false],
    [200, { 'cache-control': ['private', 'no-store'] }, false],
    [200, { 'cache-control': 'private' }, true],
    // A refusal bears it for browsers; it is final all the same.
    [409, { 'cache-control': 'no-store' }, true],
  ])('%i with %o: %s', (status, headers, final) => {
    expect(isFinal(status, body, headers as Record<string, string | string[]>)).toBe(final);
  });

  it('is not too large, and does not only say that the first attempt is still at work', () => {
    expect(isFinal(200, Buffer.alloc(256 * 1024 + 1))).toBe(false);
    expect(isFinal(409, Buffer.from('{"code":"idempotency_in_progress"}'))).toBe(false);
  });
});
