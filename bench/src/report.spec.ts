import { tableOf } from './report';

describe('the closing table', () => {
  it('puts each figure beside its floor and its details', () => {
    const table = tableOf([
      {
        name: 'relay',
        value: 900,
        unit: 'events/s',
        floor: 1_000,
        ratio: 0.9,
        details: { floorBy: 'pgbench' },
      },
      { name: 'memory', value: 120, unit: 'MB' },
    ]);
    expect(table).toMatch(/relay .* 900 events\/s .* 1000 .* 0\.9 .* floorBy pgbench/);
    expect(table).toMatch(/memory .* 120 MB/);
  });
});
