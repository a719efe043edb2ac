import fc from 'fast-check';
import type { Terms } from '../programmes/programme';
import { split } from '../programmes/split';
import {
  capture,
  chargeLife,
  costOf,
  judge,
  quantityOf,
  type AuthorisedCharge,
  type HeldBooking,
  type Knowledge,
} from './charge';

const booking: HeldBooking = {
  bookingId: 'b',
  operatorId: 'o',
  contractId: 'c',
  siteId: 's',
  offeringId: 'off',
  residentId: 'r',
  kind: 'childcare',
  mode: 'timed',
  regionCode: '310101001001',
  start: '2026-11-02T01:00:00Z',
  end: '2026-11-02T03:00:00Z',
  serviceDay: '2026-11-02',
  partySize: 1,
  packageWish: null,
};
const known: Knowledge = {
  offering: { capacityModel: 'places' },
  resident: {
    birthDate: '2025-01-01',
    careLevel: null,
    careLevelAssessedOn: null,
    hardship: false,
    disability: false,
    birthOrder: 1,
    registration: null,
    registeredIn: null,
    subsidyConsent: true,
    erased: false,
  },
  contract: {
    status: 'active',
    from: '2026-01-01',
    to: '2029-01-01',
    services: [{ kind: 'childcare', mode: 'timed', priceCeilingFen: 4000 }],
    revisions: null,
  },
  placement: { from: '2026-01-01', to: '2029-01-01', kinds: [], inForce: true },
  siteStars: null,
  timeZone: 'Asia/Shanghai',
  price: {
    ...{ id: 'p', contractId: 'c', siteId: null, ageClass: null, bands: [] },
    kind: 'childcare',
    mode: null,
    unit: 'hour',
    amountFen: 2533,
    stepMinutes: 1,
    from: '2026-01-01',
    to: null,
  },
};
const judged = (changes: Partial<Knowledge>, bookingChanges: Partial<HeldBooking> = {}) =>
  judge({ ...booking, ...bookingChanges }, { ...known, ...changes });

describe('a held booking of which all is known', () => {
  it('is priced by its planned minutes', () => {
    expect(judged({})).toMatchObject({
      outcome: 'priceable',
      cost: { ownFen: 5066, guestsFen: 0 },
      quantity: 1,
      minutes: 120,
    });
  });

  it('pays by the head where heads take places', () => {
    expect(judged({}, { partySize: 3 })).toMatchObject({
      cost: { ownFen: 5066, guestsFen: 10_132 },
      quantity: 3,
    });
    expect(quantityOf('exclusive', 4)).toBe(1);
    expect(quantityOf('caregiver', 2)).toBe(1);
    expect(quantityOf('seats', 2)).toBe(2);
  });

  it.each<[string, Partial<Knowledge>, Partial<HeldBooking>, string, string]>([
    ['without a price', { price: null }, {}, 'refused', 'no_price'],
    [
      'above the ceiling',
      { price: { ...known.price!, amountFen: 4001 } },
      {},
      'refused',
      'price_above_ceiling',
    ],
    [
      'for an erased resident',
      { resident: { ...known.resident!, erased: true } },
      {},
      'refused',
      'resident_erased',
    ],
    [
      'under a suspended contract',
      { contract: { ...known.contract!, status: 'suspended' } },
      {},
      'unsure',
      'contract_not_in_force',
    ],
    ['after the contract', {}, { serviceDay: '2029-01-01' }, 'unsure', 'contract_not_in_force'],
    [
      'at a site that has left',
      { placement: { ...known.placement!, to: '2026-11-02' } },
      {},
      'unsure',
      'site_not_in_force',
    ],
    [
      'at a site not in force',
      { placement: { ...known.placement!, inForce: false } },
      {},
      'unsure',
      'site_not_in_force',
    ],
    [
      'of a kind not for this site',
      { placement: { ...known.placement!, kinds: ['meals'] } },
      {},
      'unsure',
      'kind_not_in_contract',
    ],
    ['of a mode not contracted', {}, { mode: 'full_day' }, 'unsure', 'kind_not_in_contract'],
  ])('%s is not authorised', (_name, changes, bookingChanges, outcome, code) => {
    expect(judged(changes, bookingChanges)).toMatchObject({ outcome, refusal: { code } });
  });
});

describe('a held booking ahead of the news about it', () => {
  it.each(['offering', 'resident', 'contract', 'placement'] as const)('waits for its %s', (what) => {
    expect(judged({ [what]: null })).toMatchObject({
      outcome: 'unsure',
      waitsFor: [what],
      refusal: { code: `${what}_not_known` },
    });
  });
});

describe('a charge', () => {
  it('goes each way once', () => {
    expect(chargeLife.next('pending', 'authorise')).toBe('authorised');
    expect(chargeLife.next('authorised', 'capture')).toBe('captured');
    expect(chargeLife.allows('captured', 'release')).toBe(false);
    expect(chargeLife.finals).toEqual(['declined', 'released', 'captured']);
  });
});

const terms = (code: string, changes: Partial<Terms>): Terms => ({
  programmeId: code,
  termsId: code,
  code,
  funderId: 'f',
  regionPrefix: '',
  kinds: ['childcare'],
  modes: null,
  from: '2026-01-01',
  to: null,
  eligibility: {},
  base: 'gross',
  rateBp: null,
  fixedFen: null,
  minimumGrossFen: null,
  caps: {},
  order: 1,
  excludes: [],
  ...changes,
});

const traceLine = { programmeId: 'A', termsId: 'a', programmeCode: 'A', funderId: 'f', gaveFen: 1800 };

describe('capturing an authorised charge', () => {
  const authorised = (changes: Partial<AuthorisedCharge> = {}): AuthorisedCharge => ({
    tariff: { unit: 'hour', amountFen: 3000, stepMinutes: 1, spans: null },
    quantity: 1,
    plannedMinutes: 120,
    shares: [{ terms: terms('A', { rateBp: 3000 }), payer: 'funder', reservedFen: 1800 }],
    trace: [{ ...traceLine, code: 'given', why: '' }],
    split: { grossFen: 6000, residentFen: 4200, fundersFen: 1800, operatorFen: 0 },
    ...changes,
  });

  it.each([
    ['the planned time', 120, 6000, 1800],
    ['a shorter stay', 60, 3000, 900],
    ['a longer stay', 180, 6000, 1800],
    ['no time at all', 0, 0, 0],
  ])('after %s', (_name, minutes, grossFen, fundersFen) => {
    const captured = capture(authorised(), minutes);
    expect(captured).toMatchObject({
      grossFen,
      fundersFen,
      residentFen: grossFen - fundersFen,
      sharesFen: [fundersFen],
    });
  });

  it('looks at minutes for the unit hour alone', () => {
    const byUse = authorised({ tariff: { unit: 'use', amountFen: 6000, stepMinutes: 1, spans: null } });
    expect(capture(byUse, 5)).toMatchObject({ grossFen: 6000, fundersFen: 1800, billedMinutes: 120 });
  });

  it('lets stand that a programme applies, though the shorter stay alone would be below its minimum', () => {
    const byMinimum = terms('A', { fixedFen: 1800, minimumGrossFen: 5000 });
    const charge = authorised({ shares: [{ terms: byMinimum, payer: 'funder', reservedFen: 1800 }] });
    expect(capture(charge, 60)).toMatchObject({ fundersFen: 1800, residentFen: 1200, sharesFen: [1800] });
  });

  it('gives a fen that only rounding would add to the resident back to a programme', () => {
    const quarter = (code: string) => ({
      terms: terms(code, { rateBp: 2500 }),
      payer: 'funder' as const,
      reservedFen: 1,
    });
    const charge = authorised({
      tariff: { unit: 'hour', amountFen: 60, stepMinutes: 1, spans: null },
      plannedMinutes: 2,
      shares: [quarter('A'), quarter('B')],
      trace: [],
      split: { grossFen: 2, residentFen: 0, fundersFen: 2, operatorFen: 0 },
    });
    expect(capture(charge, 1)).toMatchObject({ grossFen: 1, residentFen: 0, sharesFen: [0, 1] });
  });

  it('never takes more than was reserved, from anybody, and always makes the whole', () => {
    const share = fc.record({
      rate: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: null }),
      fixed: fc.nat(3000),
      base: fc.constantFrom('gross' as const, 'remaining' as const),
      reserved: fc.integer({ min: 1, max: 2000 }),
      minimum: fc.option(fc.nat(8000), { nil: null }),
      payer: fc.constantFrom('funder' as const, 'operator' as const),
    });
    fc.assert(
      fc.property(
        fc.array(share, { maxLength: 4 }),
        fc.integer({ min: 1, max: 600 }),
        fc.nat(700),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 5, 15, 30),
        (drawn, plannedMinutes, minutes, quantity, stepMinutes) => {
          const tariff = { unit: 'hour' as const, amountFen: 3000, stepMinutes, spans: null };
          const cost = costOf(tariff, plannedMinutes, quantity);
          const candidates = drawn.map((one, i) => ({
            terms: terms(`P${i}`, {
              rateBp: one.rate,
              fixedFen: one.rate === null ? one.fixed : null,
              base: one.base,
              minimumGrossFen: one.minimum,
            }),
            payer: one.payer,
          }));
          const booked = split(cost, candidates, {
            allowanceFor: ({ code }) => ({
              budgetLeftFen: drawn[Number(code.slice(1))].reserved,
              capsLeft: [],
              usesLeft: 1,
            }),
            take: () => undefined,
          });
          const shares = booked.shares.map(({ amountFen, ...share }) => ({
            ...share,
            reservedFen: amountFen,
          }));
          const charge = authorised({
            tariff,
            quantity,
            plannedMinutes,
            shares,
            trace: booked.trace,
            split: booked,
          });
          const captured = capture(charge, minutes);
          expect(captured.residentFen + captured.fundersFen + captured.operatorFen).toBe(captured.grossFen);
          expect(captured.grossFen).toBeLessThanOrEqual(charge.split.grossFen);
          expect(captured.residentFen).toBeLessThanOrEqual(charge.split.residentFen);
          expect(captured.trace.map((line) => line.gaveFen).filter((fen) => fen > 0)).toEqual(
            captured.sharesFen.filter((fen) => fen > 0),
          );
          captured.sharesFen.forEach((fen, i) => expect(fen).toBeLessThanOrEqual(shares[i].reservedFen));
          expect(captured.sharesFen.reduce((a, b) => a + b, 0)).toBe(
            captured.fundersFen + captured.operatorFen,
          );
        },
      ),
    );
  });
});
