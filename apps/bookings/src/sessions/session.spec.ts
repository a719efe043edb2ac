import { unitsOfOffering } from './session';

const offering = { capacity: 15, staffRatio: null, staffCount: null };

describe('units of a session', () => {
  it('are the seats, or one for an exclusive space', () => {
    expect(unitsOfOffering({ ...offering, capacityModel: 'seats' })).toBe(15);
    expect(unitsOfOffering({ ...offering, capacityModel: 'exclusive' })).toBe(1);
    expect(unitsOfOffering({ ...offering, capacityModel: 'caregiver' })).toBe(15);
  });

  it('of places are bound by the staff ratio (2019 setting standard: 1:5 for toddlers)', () => {
    const group = { ...offering, capacityModel: 'places' as const, staffRatio: 5 };
    expect(unitsOfOffering({ ...group, staffCount: 2 })).toBe(10);
    expect(unitsOfOffering({ ...group, staffCount: 4 })).toBe(15);
    expect(unitsOfOffering({ ...group, staffCount: 0 })).toBe(0);
    expect(unitsOfOffering(group)).toBe(15);
  });
});
