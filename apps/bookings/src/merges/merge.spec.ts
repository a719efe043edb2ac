import { assertNoConflicts, combine, combineDiets, differencesOf, type Half } from './merge';

const half = (changes: Partial<Half> = {}): Half => ({
  data: { name: '王芳', mobile: '13800138000' },
  ...{ birthDate: '1950-05-01', sex: null, regionCode: '310101002001', householdId: null },
  ...{ careLevel: null, careLevelAssessedOn: null, hardship: false, disability: false, birthOrder: null },
  ...{ registration: null, registeredIn: null },
  ...changes,
});

describe('one person out of two records', () => {
  const survivor = half({ careLevel: 'mild', careLevelAssessedOn: '2026-01-01' });
  const merged = half({
    data: { name: '王 芳', mobile: '13900139000', email: 'wang@example.cn', idNumber: '110105195005010026' },
    ...{ householdId: 'h', hardship: true, careLevel: 'severe', careLevelAssessedOn: '2026-06-01' },
    ...{ registration: 'local', registeredIn: '310101' },
  });

  it('says what the survivor says, and takes from the other what that one does not', () => {
    const one = combine(survivor, merged, []);
    expect(one.data).toMatchObject({ name: '王芳', mobile: '13800138000', email: 'wang@example.cn' });
    expect(one.data.idNumber).toBe('110105195005010026');
    expect(one).toMatchObject({ careLevel: 'mild', careLevelAssessedOn: '2026-01-01', hardship: false });
    expect(one).toMatchObject({ householdId: 'h', registration: 'local', registeredIn: '310101' });
  });

  it('takes what it is told to take, a care level with the day of its assessment', () => {
    const one = combine(survivor, merged, ['mobile', 'hardship', 'careLevel', 'birthOrder']);
    expect(one.data).toMatchObject({ name: '王芳', mobile: '13900139000' });
    expect(one).toMatchObject({ careLevel: 'severe', careLevelAssessedOn: '2026-06-01', hardship: true });
    expect(one.birthOrder).toBeNull();
  });

  it('shows what the two say otherwise, masked', () => {
    expect(differencesOf(survivor, merged)).toEqual([
      { field: 'name', survivor: '王*', merged: '王**' },
      { field: 'mobile', survivor: '138****8000', merged: '139****9000' },
      { field: 'careLevel', survivor: 'mild', merged: 'severe' },
      { field: 'hardship', survivor: 'false', merged: 'true' },
    ]);
    expect(differencesOf(survivor, survivor)).toEqual([]);
  });

  it('bears what neither of the two does not bear', () => {
    const [one, other] = [
      { allergens: ['milk'], diets: ['halal'], texture: 'regular' as const },
      { allergens: ['peanuts', 'milk'], diets: [], texture: 'soft' as const },
    ] as Parameters<typeof combineDiets>;
    expect(combineDiets(one, other)).toEqual({
      allergens: ['milk', 'peanuts'],
      diets: ['halal'],
      texture: 'regular',
    });
    expect(combineDiets(undefined, other)).toBe(other);
    expect(combineDiets(undefined, undefined)).toBeUndefined();
  });

  it('is refused with everything that stands against it', () => {
    expect(() => assertNoConflicts([])).not.toThrow();
    const conflicts = [{ code: 'bookings_overlap' as const, count: 2, ids: ['b'] }];
    expect(() => assertNoConflicts(conflicts)).toThrow('at the same time');
  });
});
