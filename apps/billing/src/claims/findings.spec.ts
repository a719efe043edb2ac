import { findingsOf, type ProvenLine } from './findings';

const line = (changes: Partial<ProvenLine> = {}): ProvenLine => ({
  ...{ id: 'a', residentId: 'r', programmeId: 'p', siteId: 's', kind: 'meals', basis: 'share' },
  ...{ serviceDay: '2026-11-02', startsAt: new Date('2026-11-02T03:00:00Z'), amountFen: 200 },
  ...{ evidence: 'attendance', deliveredAt: new Date('2026-11-02T05:00:00Z'), inDoubt: false },
  ...{ claimedTwinId: null, claimedSiteId: null },
  ...{ residentFen: 1600, residentPaidFen: 0, paymentRequired: false, attendanceBp: null },
  ...{ daysAttended: 1, workdays: 21, spans: [] },
  ...changes,
});
const codes = (lines: ProvenLine[]) => findingsOf(lines).map(({ code, claimLineId }) => [code, claimLineId]);
const later = new Date('2026-11-02T08:00:00Z');

describe('the check before a claim is submitted', () => {
  it('has nothing against proven lines of different moments', () => {
    expect(codes([line(), line({ id: 'b', startsAt: later })])).toEqual([]);
  });

  it.each<[string, ProvenLine[], string]>([
    ['a line that nothing proves', [line({ evidence: null })], 'missing_evidence'],
    ['a visit that a later one contradicts', [line({ inDoubt: true })], 'visit_on_review'],
    ['the second of two lines for the same moment', [line({ id: 'x' }), line()], 'duplicate'],
    [
      'a child at two sites on one day',
      [line({ id: 'x', kind: 'childcare' }), line({ kind: 'childcare', siteId: 't', startsAt: later })],
      'duplicate_child',
    ],
    ['a moment that another claim asks for', [line({ claimedTwinId: 'x' })], 'duplicate'],
    [
      'a child whom another claim has at another site on that day',
      [line({ kind: 'childcare', claimedSiteId: 't' })],
      'duplicate_child',
    ],
    [
      'more than the cap',
      [line({ spans: [{ span: 'month', limitFen: 5000, claimedFen: 5001 }] })],
      'over_cap',
    ],
    [
      'less than half of the workdays',
      [line({ attendanceBp: 5000, daysAttended: 10 })],
      'attendance_too_low',
    ],
    ['an unpaid own part where the funder asks for it', [line({ paymentRequired: true })], 'payment_missing'],
  ])('names %s', (_name, lines, code) => {
    expect(codes(lines)).toEqual([[code, 'a']]);
  });

  it('takes what is just enough', () => {
    expect(codes([line({ attendanceBp: 5000, daysAttended: 11 })])).toEqual([]);
    expect(codes([line({ attendanceBp: 5000, daysAttended: 10, workdays: 20 })])).toEqual([]);
    expect(codes([line({ spans: [{ span: 'day', limitFen: 200, claimedFen: 200 }] })])).toEqual([]);
    expect(codes([line({ paymentRequired: true, residentPaidFen: 1600 })])).toEqual([]);
  });

  it('doesn’t look at differences and resubmissions again', () => {
    expect(codes([line({ basis: 'correction', amountFen: -200, evidence: null })])).toEqual([]);
  });
});
