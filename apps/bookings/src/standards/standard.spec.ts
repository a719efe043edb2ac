import { ageMonths } from '@doorstep/kernel';
import fc from 'fast-check';
import { type ClassLimits, fitsOn, outgrownOn, type Standard, standardFault, standardOn } from './standard';

const CLASSES: ClassLimits[] = [
  { ageClass: 'infant', ageMonthsMin: 6, ageMonthsMax: 12, groupMax: 10, childrenPerStaff: 3 },
  { ageClass: 'toddler', ageMonthsMin: 12, ageMonthsMax: 24, groupMax: 15, childrenPerStaff: 5 },
  { ageClass: 'older', ageMonthsMin: 24, ageMonthsMax: 36, groupMax: 20, childrenPerStaff: 7 },
  { ageClass: 'mixed', ageMonthsMin: 18, ageMonthsMax: 36, groupMax: 18, childrenPerStaff: null },
];
const standard = (changes: Partial<Standard> = {}): Standard => ({
  regionPrefix: '',
  validFrom: '2019-10-08',
  validTo: null,
  leavesAtMonths: 36,
  warnDays: 60,
  feverFromTenths: 373,
  refusedSymptoms: [],
  noticeHours: 24,
  graceMinutes: 15,
  classes: CLASSES,
  ...changes,
});

describe('the standard of a place on a day', () => {
  it('is that of the nearest region which has one then', () => {
    const city = standard({ regionPrefix: '3101', validFrom: '2026-01-01', validTo: '2026-07-01' });
    const all = [standard(), city];
    expect(standardOn(all, '2025-12-31').regionPrefix).toBe('');
    expect(standardOn(all, '2026-01-01').regionPrefix).toBe('3101');
    expect(standardOn(all, '2026-07-01').regionPrefix).toBe('');
    expect(() => standardOn(all, '2019-10-07')).toThrow('No childcare standard');
  });

  it('contradicts itself when classes overlap, lack, repeat, or leave nobody', () => {
    const changed = (n: number, change: Partial<ClassLimits>) =>
      standardFault(CLASSES.map((one, i) => (i === n ? { ...one, ...change } : one)));
    expect(standardFault(CLASSES)).toBeUndefined();
    expect(changed(0, { ageMonthsMax: 13 })).toMatchObject({ reason: 'overlap in age' });
    expect(changed(0, { ageMonthsMax: 6 })).toMatchObject({ field: 'classes[0].ageMonthsMax' });
    expect(changed(1, { childrenPerStaff: null })).toMatchObject({ field: 'classes[1].childrenPerStaff' });
    expect(changed(3, { childrenPerStaff: 5 })).toMatchObject({ field: 'classes[3].childrenPerStaff' });
    expect(changed(2, { ageClass: 'toddler' })).toMatchObject({ field: 'classes[2].ageClass' });
    expect(standardFault(CLASSES.slice(1))).toMatchObject({ reason: 'lack infant' });
  });
});

describe('the age for a group', () => {
  it('begins and ends on birthdays, the service with 36 months', () => {
    const fits = (day: string) => fitsOn([standard()], 'toddler', '2025-07-15', day);
    expect([fits('2026-07-14'), fits('2026-07-15'), fits('2027-07-14'), fits('2027-07-15')]).toEqual([
      'too_young',
      'fits',
      'fits',
      'outgrows_group',
    ]);
    expect(fitsOn([standard()], 'mixed', '2025-07-15', '2028-07-15')).toBe('outgrows_service');
  });

  it('ends on the first day that is out, whenever the child was born', () => {
    const birth = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(birth, fc.constantFrom('toddler' as const, 'mixed' as const), (date, ageClass) => {
        const born = date.toISOString().slice(0, 10);
        const from = `${Number(born.slice(0, 4)) + 2}-01-15`;
        fc.pre(fitsOn([standard()], ageClass, born, from) === 'fits');
        const { day } = outgrownOn([standard()], ageClass, born, from);
        const eve = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
        expect(ageMonths(born, day)).toBe(ageClass === 'toddler' ? 24 : 36);
        expect(ageMonths(born, eve)).toBe(ageClass === 'toddler' ? 23 : 35);
      }),
      { numRuns: 40 },
    );
  });
});
