import { findingsOf, submitClaim, type ProvenLine } from './claim';

const line = (changes: Partial<ProvenLine> = {}): ProvenLine => ({
  id: 'a',
  residentId: 'r',
  programmeId: 'p',
  startsAt: new Date('2026-11-02T03:00:00Z'),
  evidence: 'attendance',
  deliveredAt: new Date('2026-11-02T05:00:00Z'),
  ...changes,
});

describe('the check before a claim is submitted', () => {
  it('has nothing against proven lines of different moments', () => {
    expect(findingsOf([line(), line({ id: 'b', startsAt: new Date('2026-11-03T03:00:00Z') })])).toEqual([]);
  });

  it('names a line that nothing proves', () => {
    expect(findingsOf([line({ evidence: null })])).toMatchObject([
      { code: 'missing_evidence', claimLineId: 'a' },
    ]);
  });

  it('names the second of two lines for the same moment', () => {
    expect(findingsOf([line(), line({ id: 'b' })])).toMatchObject([{ code: 'duplicate', claimLineId: 'b' }]);
  });
});

describe('submitting', () => {
  it('moves a clean draft on', () => expect(submitClaim('draft', [])).toBe('submitted'));
  it('refuses a draft with findings', () =>
    expect(() => submitClaim('draft', findingsOf([line({ evidence: null })]))).toThrow('sent back'));
  it('refuses a second time', () => expect(() => submitClaim('submitted', [])).toThrow('submit'));
});
