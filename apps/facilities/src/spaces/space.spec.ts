import fc from 'fast-check';
import { blockedBy, checkParent, type PlacedSpace, treeOf } from './space';

const space = (id: string, parentId: string | null = null, active = true): PlacedSpace => ({
  id,
  parentId,
  active,
});

/** A hall with two halves, one of which has two courts; a kitchen beside it. */
const HALL = [
  space('hall'),
  space('left', 'hall'),
  space('right', 'hall'),
  space('a', 'left'),
  space('b', 'left'),
  space('kitchen'),
];

describe('a hall with halves and courts', () => {
  it('is blocked by any of its parts, and blocks them all', () => {
    expect(blockedBy(HALL, 'hall')).toEqual(['a', 'b', 'hall', 'left', 'right']);
    expect(blockedBy(HALL, 'a')).toEqual(['a', 'hall', 'left']);
    expect(blockedBy(HALL, 'left')).toEqual(['a', 'b', 'hall', 'left']);
  });

  it('lets its parts be used side by side', () => {
    expect(blockedBy(HALL, 'a')).not.toContain('b');
    expect(blockedBy(HALL, 'kitchen')).toEqual(['kitchen']);
  });

  it('is one tree', () => {
    expect(treeOf(HALL, 'b')).toEqual(['a', 'b', 'hall', 'left', 'right']);
  });
});

describe('a parent', () => {
  it('is refused when it is not there, closed, or part of the space', () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    expect(() => checkParent(HALL, 'nowhere')).toThrow(code('space_parent_unknown'));
    expect(() => checkParent([space('shut', null, false)], 'shut')).toThrow(code('space_parent_unknown'));
    expect(() => checkParent(HALL, 'a', 'hall')).toThrow(code('space_in_itself'));
    expect(() => checkParent(HALL, 'hall', 'hall')).toThrow(code('space_in_itself'));
  });

  it('is refused when spaces would nest too deep, counting what moves along', () => {
    const chain = ['1', '2', '3', '4', '5'].map((id, i, all) => space(id, i === 0 ? null : all[i - 1]));
    expect(() => checkParent(chain, '5')).toThrow(expect.objectContaining({ code: 'space_too_deep' }));
    expect(() => checkParent(chain, '4')).not.toThrow();
    const withHall = [...HALL, space('wing'), space('floor', 'wing')];
    expect(() => checkParent(withHall, 'floor', 'hall')).not.toThrow();
    expect(() => checkParent([...withHall, space('c', 'b')], 'floor', 'hall')).toThrow(
      expect.objectContaining({ code: 'space_too_deep' }),
    );
  });
});

describe('any tree of spaces', () => {
  it('blocks both ways or not at all', () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 12 })
      .map((picks) =>
        picks.map((pick, i) => space(String(i), i === 0 || pick % 4 === 0 ? null : String(pick % i))),
      );
    fc.assert(
      fc.property(tree, (spaces) => {
        for (const one of spaces) {
          for (const other of spaces) {
            expect(blockedBy(spaces, one.id).includes(other.id)).toBe(
              blockedBy(spaces, other.id).includes(one.id),
            );
          }
        }
      }),
    );
  });
});
