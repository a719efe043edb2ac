import { IsString, Max, ValidateNested, validateSync } from 'class-validator';
import './remembered-rules';

class Animal {
  @IsString()
  name: string;
}

class Dog extends Animal {
  @Max(30, { groups: ['old'] })
  years: number;

  @ValidateNested()
  friend?: object;
}

const faults = (animal: object, groups?: string[]): string[] =>
  validateSync(animal, { groups }).map(({ property }) => property);
const dog = (change: object): Dog => Object.assign(new Dog(), { name: 'Fu', years: 3 }, change);

describe('rules that are remembered', () => {
  it('are those of the class and of what it inherits from, every time', () => {
    for (let time = 0; time < 2; time++) {
      expect(faults(dog({}))).toEqual([]);
      expect(faults(dog({ name: 1, years: 40 })).sort()).toEqual(['name', 'years']);
      expect(faults(Object.assign(new Animal(), { name: 'Fu' }))).toEqual([]);
    }
  });

  it('are left to those who ask for a group', () => {
    expect(faults(dog({ name: 1, years: 40 }), ['old'])).toEqual(['years']);
  });

  it('are none of an object that calls something else its constructor', () => {
    expect(faults(dog({ friend: { constructor: 'x' } }))).toEqual(['friend']);
  });
});
