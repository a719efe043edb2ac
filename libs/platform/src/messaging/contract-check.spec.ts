import { BookingHeld, event, ServiceDelivered } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { IsString, Max, validateSync } from 'class-validator';
import { breachesOf } from './contract-check';

const delivered = (changes: object) =>
  event(ServiceDelivered, {
    ...{ operatorId: newId(), bookingId: newId(), contractId: newId(), siteId: newId(), offeringId: newId() },
    ...{ residentId: newId(), kind: 'meals', mode: 'session', regionCode: '310101013001', partySize: 1 },
    ...{ serviceDay: '2026-11-02', start: '2026-11-02T03:00:00.000Z', end: '2026-11-02T04:00:00.000Z' },
    ...{ minutes: 60, evidence: 'attendance', version: 3, at: '2026-11-02T04:00:00.000Z', ...changes },
  } as never);
const fields = (broken: ReturnType<typeof breachesOf>) => broken.map(({ property }) => property).sort();

describe('the check of a contract', () => {
  it('finds the same each time, in what a class says and in what it inherits', () => {
    for (let time = 0; time < 3; time++) {
      expect(breachesOf(delivered({}))).toEqual([]);
      expect(fields(breachesOf(delivered({ minutes: 'many', operatorId: 'nobody' })))).toEqual([
        'minutes',
        'operatorId',
      ]);
    }
  });

  it('keeps the rules of classes apart', () => {
    const held = Object.assign(Object.create(BookingHeld.prototype) as BookingHeld, delivered({}));
    expect(fields(breachesOf(held))).toEqual(['expiresAt']);
    expect(breachesOf(delivered({}))).toEqual([]);
  });

  it('leaves rules of a group to those who ask for the group', () => {
    class Dog {
      @IsString()
      name: string;

      @Max(30, { groups: ['old'] })
      years: number;
    }
    const dog = Object.assign(new Dog(), { name: 1, years: 40 });
    for (let time = 0; time < 2; time++) {
      expect(fields(validateSync(dog, { groups: ['old'] }))).toEqual(['years']);
      expect(fields(validateSync(dog))).toEqual(['name', 'years']);
    }
  });
});
