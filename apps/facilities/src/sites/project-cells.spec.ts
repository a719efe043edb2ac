import fc from 'fast-check';
import { FUNDING_SOURCES } from './project';
import { cellsOfProject, formatFunding, parseFunding, projectOfCells } from './project-cells';

describe('funding in one cell', () => {
  it('names sources, yuan and papers', () => {
    expect(parseFunding('central_budget 1,800,000 发改投资〔2026〕88号; donation 0.50')).toEqual([
      { source: 'central_budget', amountFen: 180_000_000, note: '发改投资〔2026〕88号' },
      { source: 'donation', amountFen: 50 },
    ]);
    expect(parseFunding('other 1 "a; ""b"""')).toEqual([{ source: 'other', amountFen: 100, note: 'a; "b"' }]);
  });

  it.each([
    '',
    ';',
    'central_budget',
    '1800000',
    'central_budget much',
    'other 1.234',
    'other 1 "open',
    'other 1 a"b"c; x',
  ])('cannot be read from %j', (text) => expect(parseFunding(text)).toBeUndefined());

  it('is read as it was written, whatever the papers are called', () => {
    const note = fc.option(
      fc.string({ unit: fc.constantFrom(...'号 ;"〔a1'), minLength: 1, maxLength: 12 }),
      { nil: undefined },
    );
    const part = fc
      .record({
        source: fc.constantFrom(...FUNDING_SOURCES),
        amountFen: fc.integer({ min: 1, max: 1e12 }),
        note,
      })
      .map(({ note: text, ...rest }) => ({ ...rest, ...(text !== undefined && { note: text }) }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (funding) =>
        expect(parseFunding(formatFunding(funding))).toEqual(funding),
      ),
      { numRuns: 200 },
    );
  });
});

describe('the project of a row', () => {
  it('is none without its columns; an empty cell clears', () => {
    expect(projectOfCells({ code: 'A', plannedStart: undefined })).toBeUndefined();
    expect(projectOfCells({ costYuan: '', funding: '', plannedStart: '' })).toEqual({
      ...{ costFen: null, funding: [], plannedStart: null },
    });
  });

  it('says what stands in its cells, and keeps for the check what cannot be read', () => {
    expect(projectOfCells({ costYuan: '12.5', funding: 'lots' })).toEqual({
      costFen: 1_250,
      funding: 'lots',
    });
    expect(projectOfCells({ costYuan: 'much' })).toEqual({ costFen: 'much' });
  });

  it('becomes the cells that it came from', () => {
    const project = { costFen: 1_250, funding: [], plannedStart: '2026-01-01', plannedOpening: null };
    expect(cellsOfProject(project)).toEqual(['2026-01-01', null, '12.50', null]);
  });
});
