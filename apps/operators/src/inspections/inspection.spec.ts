import { DomainError } from '@doorstep/kernel';
import { type Checklist, checkedItems, checklistFor, type ItemResult, scoreOf } from './checklist';
import { blocksOf, reinspectFinding, rectifyFinding, suspensionOf, withdrawFinding } from './finding';
import { type CarryOut, carryOut, planInspection } from './inspection';
import type { Inspector } from './side';
import { looksAgainOn, type RatingRule, starsBy } from './rating';

const list: Checklist = {
  id: 'list',
  name: '站点通用检查',
  regionCode: null,
  kind: null,
  from: '2020-01-01',
  to: null,
  items: [
    { code: 'exits', title: '通道', weight: 60, severity: 'severe' },
    { code: 'prices', title: '公示', weight: 30, severity: 'minor' },
    { code: 'kitchen', title: '厨房', weight: 10, severity: 'major' },
  ],
};
const official: Inspector = { id: 'official', organisationId: 'street', operatorId: null };
const owner: Inspector = { id: 'owner', organisationId: 'chain', operatorId: 'chain' };
const results = (...outcomes: ItemResult['outcome'][]): ItemResult[] =>
  list.items.map(({ code }, index) => ({ item: code, outcome: outcomes[index] }));
const plan = { checklistId: 'list', kind: null, plannedOn: '2026-12-05' };
const planned = planInspection(official, { siteId: 'site', operatorId: 'chain' }, plan, 'inspection');
let ids = 0;
const finding = { severity: 'severe', description: '锁闭', rectifyBy: '2026-12-12', item: 'exits' } as const;
const look = (changes: Partial<CarryOut>, inspector = official) =>
  carryOut(
    planned,
    inspector,
    list,
    { on: '2026-12-05', results: results('fail', 'pass', 'not_applicable'), findings: [finding], ...changes },
    () => `finding-${++ids}`,
  );
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('a checklist', () => {
  it('is the nearest one that holds for the kind on the day', () => {
    const lists = [
      list,
      { ...list, id: 'city', regionCode: '3101', from: '2026-01-01', to: '2027-01-01' },
      { ...list, id: 'elsewhere', regionCode: '3301' },
      { ...list, id: 'meals', kind: 'meals', regionCode: '310101' },
    ];
    const on = (day: string, kind: string | null = null) =>
      checklistFor(lists, { regionCode: '310101002001', kind, day }).id;
    expect([on('2025-12-31'), on('2026-06-01'), on('2027-01-01'), on('2026-06-01', 'meals')]).toEqual([
      'list',
      'city',
      'list',
      'meals',
    ]);
    expect(codeOf(() => on('2026-06-01', 'sports'))).toBe('checklist_missing');
    expect(codeOf(() => checkedItems([...list.items, list.items[0]]))).toBe('item_twice');
  });

  it('scores the weight that passed, of what applied', () => {
    expect(scoreOf(list, results('pass', 'pass', 'pass'))).toBe(10_000);
    expect(scoreOf(list, results('fail', 'pass', 'not_applicable'))).toBe(3333);
    expect(scoreOf(list, results('not_applicable', 'not_applicable', 'not_applicable'))).toBeNull();
  });
});

describe('an inspection', () => {
  it('raises what it found, and closes at once when it found nothing', () => {
    const { inspection, findings } = look({});
    expect(inspection).toMatchObject({ status: 'carried_out', scoreBp: 3333, closedOn: null, version: 2 });
    expect(findings).toMatchObject([
      { item: 'exits', concerns: 'site', status: 'open', raisedBy: 'authority' },
    ]);
    const clean = look({ results: results('pass', 'pass', 'pass'), findings: [] });
    expect(clean.inspection).toMatchObject({ status: 'closed', scoreBp: 10_000, closedOn: '2026-12-05' });
  });

  it.each<[string, Partial<CarryOut>]>([
    ['finding_missing', { findings: [] }],
    ['severity_too_low', { findings: [{ ...finding, severity: 'major' }] }],
    ['item_not_failed', { findings: [finding, { ...finding, item: 'prices' }] }],
    ['deadline_past', { findings: [{ ...finding, rectifyBy: '2026-12-04' }] }],
    ['result_missing', { results: results('fail', 'pass').slice(0, 2) }],
    ['result_unexpected', { results: [...results('fail', 'pass', 'pass'), { item: 'x', outcome: 'pass' }] }],
  ])('is refused with %s', (code, changes) => {
    expect(codeOf(() => look(changes))).toBe(code);
  });

  it('is the matter of the side that planned it, and carried out once', () => {
    expect(codeOf(() => look({}, owner))).toBe('inspection_not_yours');
    const { inspection } = look({});
    const again = () =>
      carryOut(inspection, official, list, { on: '2026-12-06', results: [], findings: [] }, () => 'id');
    expect(codeOf(again)).toBe('inspection_carried_out');
  });
});

describe('a finding', () => {
  const [open] = look({}).findings;

  it('is over when somebody has looked again, not before', () => {
    const rectified = rectifyFinding(open, '2026-12-08', '已拆锁');
    expect(blocksOf([rectified])).toHaveLength(1);
    const passed = reinspectFinding(rectified, { on: '2026-12-09', passed: true });
    expect(passed).toMatchObject({ status: 'closed', closedOn: '2026-12-09', version: 3 });
    expect(blocksOf([passed, withdrawFinding(open, '2026-12-06', '误判')])).toEqual([]);
    expect(codeOf(() => rectifyFinding(passed, '2026-12-10', 'x'))).toBe('finding_closed');
  });

  it('stays open with a new deadline otherwise', () => {
    const overdue = { ...rectifyFinding(open, '2026-12-08', 'x'), overdueSince: '2026-12-13' };
    expect(codeOf(() => reinspectFinding(overdue, { on: '2026-12-13', passed: false }))).toBe(
      'deadline_missing',
    );
    expect(
      reinspectFinding(overdue, { on: '2026-12-13', passed: false, rectifyBy: '2026-12-20' }),
    ).toMatchObject({ status: 'open', rectifyBy: '2026-12-20', overdueSince: null, rectifiedOn: null });
  });

  it('suspends what it concerns', () => {
    const about = (concern: { kind?: string; offeringId?: string }) =>
      look({ findings: [{ ...finding, ...concern }] }).findings[0];
    expect(suspensionOf(blocksOf([open]))).toMatchObject({ suspended: true, blockedKinds: [] });
    const both = blocksOf([about({ kind: 'meals' }), about({ kind: 'sports', offeringId: 'yoga' })]);
    expect(suspensionOf(both)).toEqual({
      suspended: false,
      blockedKinds: ['meals'],
      blockedOfferingIds: ['yoga'],
    });
  });
});

describe('stars by the rule', () => {
  const rule: RatingRule = {
    id: 'rule',
    regionCode: null,
    from: '2020-01-01',
    to: null,
    windowMonths: 12,
    counts: 'authority',
    inspectionsMin: 2,
    thresholdsBp: [6000, 7500, 8500, 9500],
    severeStarsMax: 1,
  };
  const seen = (on: string, scoreBp: number, inspectedBy: 'authority' | 'operator' = 'authority') => ({
    on,
    scoreBp,
    inspectedBy,
  });
  const scored = [seen('2026-01-31', 9600), seen('2026-06-30', 9400), seen('2026-07-01', 100, 'operator')];

  it('are the mean of the inspections in the window', () => {
    expect(starsBy(rule, scored, false, '2026-12-01')).toEqual({ stars: 5, scoreBp: 9500, inspections: 2 });
    expect(starsBy(rule, scored, true, '2026-12-01')?.stars).toBe(1);
    expect(starsBy(rule, scored, false, '2027-01-31')).toBeUndefined();
    expect(starsBy({ ...rule, counts: 'all' }, scored, false, '2026-12-01')?.stars).toBe(2);
    expect(looksAgainOn(rule, scored, '2026-12-01')).toBe('2027-01-31');
  });
});
