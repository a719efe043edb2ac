import { newestByKey } from './newest';

it('keeps the newest of each key, in whatever order they came', () => {
  const a1 = { key: 'a', version: 1 };
  const a3 = { key: 'a', version: 3 };
  const b2 = { key: 'b', version: 2 };
  expect(newestByKey([a3, b2, a1])).toEqual([a3, b2]);
  expect(newestByKey([])).toEqual([]);
});
