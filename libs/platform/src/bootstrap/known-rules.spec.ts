import { getMetadataStorage, IsInt, IsString, Max, validateSync } from 'class-validator';
import './known-rules';

class Animal {
  @IsString()
  name: string;
}

class Dog extends Animal {
  @IsInt()
  @Max(30, { groups: ['old'] })
  years: number;
}

const faultsOf = (animal: Animal, groups?: string[]): string[] =>
  validateSync(animal, { groups }).map(({ property }) => property);
const dog = (change: object): Dog => Object.assign(new Dog(), { name: 'Fu', years: 3 }, change);

describe('rules that are remembered', () => {
  it('are those of the class and of what it inherits from, every time', () => {
    for (let n = 0; n < 2; n++) {
      expect(faultsOf(dog({}))).toEqual([]);
      expect(faultsOf(dog({ name: 1, years: 'old' }))).toEqual(['years', 'name']);
      expect(faultsOf(Object.assign(new Animal(), { name: 'Fu' }))).toEqual([]);
    }
  });

  it('are not mixed with those of a group', () => {
    expect(faultsOf(dog({ years: 40 }), ['old'])).toEqual(['years']);
    expect(faultsOf(dog({ name: 1 }), ['old'])).toEqual([]);
    expect(faultsOf(dog({ name: 1 }))).toEqual(['name']);
  });

  it('are looked up once for a class', () => {
    const storage = getMetadataStorage();
    const ask = () => storage.getTargetValidationMetadatas(Dog, '', false, false);
    expect(ask()).toBe(ask());
    expect(storage.groupByPropertyName(ask())).toBe(storage.groupByPropertyName(ask()));
  });
});
