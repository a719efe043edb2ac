import fc from 'fast-check';
import { canonicalJson, sha256Hex } from '@doorstep/kernel';
import { linkHash } from './chain';

describe('a link of the journal', () => {
  const text = fc.string({ unit: 'grapheme' });
  const value = fc.oneof(text, fc.maxSafeInteger(), fc.constant(null));
  const entry = fc.record({
    ...{ id: text, number: fc.maxSafeInteger(), contractId: text, bookedOn: text, reason: text },
    ...{ sourceType: text, sourceId: text, idempotencyKey: text, recordedAt: text },
    lines: fc.array(fc.array(value, { maxLength: 6 }), { maxLength: 4 }),
  });

  it('covers the link before and the whole entry, as canonical JSON', () => {
    fc.assert(
      fc.property(text, entry, (previous, chained) => {
        expect(linkHash(previous, chained)).toBe(sha256Hex(canonicalJson({ previous, ...chained })));
      }),
    );
  });
});
