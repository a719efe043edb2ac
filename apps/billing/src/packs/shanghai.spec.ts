import { candidatesFor } from '../programmes/candidates';
import type { ResidentFacts } from '../programmes/eligibility';
import { assertSound, type ServiceFacts, type Terms } from '../programmes/programme';
import { Purse, type Counter } from '../programmes/purse';
import { split } from '../programmes/split';
import { SHANGHAI } from './shanghai';

/* Each rule of the pack by its published example, through the same eligibility, caps and split as a booking. */
const DAY = '2026-11-02';
const offers = SHANGHAI.programmes.map(({ funder, name: _name, source: _source, ...rules }) => ({
  payer: 'funder' as const,
  terms: {
    ...{ ...rules, programmeId: rules.code, termsId: rules.code, funderId: funder },
    ...{ regionPrefix: SHANGHAI.regionPrefix, from: SHANGHAI.asOf, to: null },
  } as Terms,
}));
const budgets = SHANGHAI.programmes.map(({ code }) => ({
  ...{ id: code, programmeId: code, period: '2026', regionPrefix: '31' },
  ...{ amountFen: 1e9, reservedFen: 0, spentFen: 0 },
}));
const resident = (changes: Partial<ResidentFacts>): ResidentFacts => ({
  ...{ birthDate: '1960-01-01', careLevel: null, careLevelAssessedOn: null, hardship: false },
  ...{ disability: false, birthOrder: null, registration: null, registeredIn: null, subsidyConsent: true },
  ...changes,
});

/** What each programme gives, by code. */
function given(
  service: Partial<ServiceFacts> & { kind: string; mode: string },
  who: Partial<ResidentFacts>,
  ownFen: number,
  counters: Counter[] = [],
): Record<string, number> {
  const facts = { regionCode: '310101013001', day: DAY, ...service };
  const candidates = candidatesFor(offers, { ...facts, operatorId: 'o', siteStars: null }, resident(who));
  const result = split({ ownFen, guestsFen: 0 }, candidates, new Purse(counters, budgets).for('r', facts));
  return Object.fromEntries(
    result.trace.flatMap(({ programmeCode, gaveFen }) => (gaveFen > 0 ? [[programmeCode, gaveFen]] : [])),
  );
}
const lunch = { kind: 'meals', mode: 'session' };
const month = (daysAttended: number) => ({
  ...{ kind: 'childcare', mode: 'full_day' },
  attendance: { daysAttended, workdays: 21 },
});
const used = (programmeId: string, span: Counter['span'], startsOn: string, usedFen: number): Counter => ({
  ...{ programmeId, residentId: 'r', span, startsOn, usedFen, uses: 1 },
});

it('every programme is sound', () =>
  offers.forEach(({ terms }) => expect(() => assertSound(terms)).not.toThrow()));

describe('meals', () => {
  it.each<[string, Partial<ResidentFacts>, number, Record<string, number>]>([
    ['60 to 79: 2 yuan', { birthDate: '1966-11-02' }, 1_800, { 'SH-MEAL-60': 200 }],
    ['the day before 60: nothing', { birthDate: '1966-11-03' }, 1_800, {}],
    ['80 and over: 3 yuan', { birthDate: '1946-11-02' }, 1_800, { 'SH-MEAL-80': 300 }],
    ['hardship from 60 on: 6 yuan alone', { hardship: true }, 1_800, { 'SH-MEAL-HARDSHIP': 600 }],
    ['from 15 yuan up', {}, 1_500, { 'SH-MEAL-60': 200 }],
    ['a meal of 14.99: nothing', {}, 1_499, {}],
  ])('%s', (_name, who, fen, expected) => expect(given(lunch, who, fen)).toEqual(expected));

  it('at most one a day', () => {
    expect(given(lunch, {}, 1_800, [used('SH-MEAL-60', 'day', DAY, 200)])).toEqual({});
  });

  it('brought home: 4 yuan more', () => {
    expect(given({ kind: 'meals', mode: 'order' }, {}, 1_800)).toEqual({
      ...{ 'SH-MEAL-60': 200, 'SH-MEAL-DELIVERY': 400 },
    });
  });
});

describe('childcare by the month', () => {
  it.each<[string, string, number, Record<string, number>]>([
    ['infant class up to 2,100 yuan', '2026-03-02', 11, { 'SH-CARE-INFANT': 210_000 }],
    ['toddler class up to 1,700 yuan', '2025-03-02', 11, { 'SH-CARE-TODDLER': 170_000 }],
    ['older class up to 1,400 yuan', '2024-03-02', 11, { 'SH-CARE-OLDER': 140_000 }],
    ['nothing from 36 months on', '2023-11-02', 21, {}],
    ['nothing below half of the workdays', '2025-03-02', 10, {}],
  ])('%s', (_name, birthDate, attended, expected) =>
    expect(given(month(attended), { birthDate }, 300_000)).toEqual(expected),
  );

  it('never more than the fee', () => {
    expect(given(month(21), { birthDate: '2025-03-02' }, 120_000)).toEqual({ 'SH-CARE-TODDLER': 120_000 });
  });
});

describe('care of the elderly', () => {
  const visit = { kind: 'elderly_care', mode: 'visit' };
  const assessed = { careLevelAssessedOn: '2026-02-01' };

  it('insurance pays 70 % for the severe, and the voucher its share of what is left', () => {
    expect(given(visit, { ...assessed, careLevel: 'severe' }, 10_000)).toEqual({
      ...{ 'SH-LTCI-SEVERE': 7_000, 'SH-VOUCHER': 1_200 },
    });
  });

  it('and 50 % for moderate loss', () => {
    expect(given(visit, { ...assessed, careLevel: 'moderate' }, 10_000)).toMatchObject({
      'SH-LTCI-MODERATE': 5_000,
    });
  });

  it.each<[string, Partial<ResidentFacts>]>([
    ['mild loss', { ...assessed, careLevel: 'mild' }],
    ['an assessment of more than a year ago', { careLevel: 'severe', careLevelAssessedOn: '2025-11-02' }],
    ['somebody of 59', { ...assessed, careLevel: 'severe', birthDate: '1966-11-03' }],
  ])('no voucher for %s', (_name, who) =>
    expect(given({ kind: 'elderly_care', mode: 'session' }, who, 10_000)).toEqual({}),
  );

  it('the voucher ends at 800 yuan a month', () => {
    const had = [used('SH-VOUCHER', 'month', '2026-11-01', 79_000)];
    const who = { ...assessed, careLevel: 'total' };
    expect(given({ kind: 'elderly_care', mode: 'session' }, who, 10_000, had)).toEqual({
      'SH-VOUCHER': 1_000,
    });
  });
});
