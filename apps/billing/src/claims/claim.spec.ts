import { answerTo, claimLife, submitClaim, type AnswerableLine } from './claim';

const line: AnswerableLine = { id: 'a', amountFen: 300, answer: null, acceptedFen: null };
const finding = { code: 'missing_evidence', claimLineId: 'a', reason: 'x' } as const;

describe('submitting', () => {
  it('moves a clean draft on, once', () => {
    expect(submitClaim('draft', [])).toBe('submitted');
    expect(() => submitClaim('draft', [finding])).toThrow('sent back');
    expect(() => submitClaim('submitted', [])).toThrow('submit');
    // Money that settled it may be taken back.
    expect(claimLife.next('settled', 'reopen')).toBe('answered');
  });
});

describe("a funder's answer to a line", () => {
  it('accepts it, cuts it with a reason, or rejects it', () => {
    expect(answerTo(line, { lineId: 'a', outcome: 'accepted' }, 'f')).toMatchObject({ acceptedFen: 300 });
    expect(
      answerTo(line, { lineId: 'a', outcome: 'cut', acceptedFen: 200, code: 'late_filing' }, 'f'),
    ).toMatchObject({ answer: 'cut', acceptedFen: 200, code: 'late_filing' });
    expect(answerTo(line, { lineId: 'a', outcome: 'rejected', code: 'not_eligible' }, 'f')).toMatchObject({
      acceptedFen: 0,
    });
  });

  it.each([
    ['cut_amount', { outcome: 'cut', acceptedFen: 300, code: 'x' }],
    ['cut_amount', { outcome: 'cut', code: 'x' }],
    ['accepted_amount', { outcome: 'accepted', acceptedFen: 299 }],
    ['code_missing', { outcome: 'rejected' }],
  ] as const)('is refused as %s: %o', (code, said) => {
    expect(() => answerTo(line, { lineId: 'a', ...said }, 'f')).toThrow(expect.objectContaining({ code }));
  });

  it('can’t cut what gives money back', () => {
    const back = { ...line, amountFen: -300 };
    expect(answerTo(back, { lineId: 'a', outcome: 'accepted' }, 'f')).toMatchObject({ acceptedFen: -300 });
    expect(() => answerTo(back, { lineId: 'a', outcome: 'rejected', code: 'x' }, 'f')).toThrow('as it is');
  });

  it('stands: the same once more is nothing new, another is refused', () => {
    const answered = { ...line, answer: 'accepted', acceptedFen: 300 } as const;
    expect(answerTo(answered, { lineId: 'a', outcome: 'accepted' }, 'f')).toBeUndefined();
    expect(() => answerTo(answered, { lineId: 'a', outcome: 'rejected', code: 'x' }, 'f')).toThrow(
      'otherwise',
    );
  });
});
