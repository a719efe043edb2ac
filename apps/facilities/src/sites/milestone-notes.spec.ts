import fc from 'fast-check';
import { STAGE_COLUMNS, STAGES } from './course';
import { formatNotes, notesOf, parseNotes } from './milestone-notes';

describe('why milestones were reached, in one cell', () => {
  it('names stages, days and reasons', () => {
    expect(parseNotes('approvedOn 2026-02-01 沪民〔2026〕8号; suspendedOn 2026-05-01;')).toEqual([
      { stage: 'approvedOn', day: '2026-02-01', note: '沪民〔2026〕8号' },
      { stage: 'suspendedOn', day: '2026-05-01', note: null },
    ]);
    expect(parseNotes('')).toEqual([]);
  });

  it.each(['停电', 'approvedOn', 'approvedOn 2026-2-1 x', 'enter 2026-02-01 x', 'approvedOn 2026-02-01 "x'])(
    'cannot be read from %j',
    (text) => expect(parseNotes(text)).toBeUndefined(),
  );

  it('of what never happened is a fault', () => {
    const told = parseNotes('approvedOn 2026-02-01 x; openedOn 2026-02-01 y') ?? [];
    const { notes, faults } = notesOf([{ command: 'open', day: '2026-02-01' }], told);
    expect([notes, faults.map(({ reason }) => reason)]).toEqual([
      ['y'],
      ['names approvedOn 2026-02-01, which is no milestone of the site'],
    ]);
  });

  it('is read as it was written, whatever was said, also of several on one day', () => {
    const note = fc.option(fc.string({ unit: fc.constantFrom(...'号 ;"〔a1'), minLength: 1, maxLength: 12 }));
    const milestone = fc.record({
      command: fc.constantFrom(...STAGES.map((stage) => STAGE_COLUMNS[stage])),
      day: fc.constantFrom('2026-05-01', '2026-06-01'),
      note,
    });
    fc.assert(
      fc.property(fc.array(milestone, { maxLength: 8 }), (milestones) =>
        expect(notesOf(milestones, parseNotes(formatNotes(milestones) ?? '') ?? [])).toEqual({
          notes: milestones.map((one) => one.note),
          faults: [],
        }),
      ),
      { numRuns: 300 },
    );
  });
});
