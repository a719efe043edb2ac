import { readOptions } from './options';

describe('the options of the bench', () => {
  it('measure everything for 15 s when nothing is said', () => {
    expect(readOptions([])).toEqual({
      only: [
        'bookings',
        'relay',
        'consumer',
        'nearby',
        'coverage',
        'portfolio',
        'availability',
        'settlement',
        'billing',
      ],
      seconds: 15,
      lines: 1_000_000,
      report: '.doorstep/bench.json',
      source: false,
      help: false,
    });
  });

  it('choose parts in their own order', () => {
    expect(readOptions(['--only', 'relay, bookings', '--seconds', '5'])).toMatchObject({
      only: ['bookings', 'relay'],
      seconds: 5,
    });
  });

  it.each([
    [['--only', 'gateway'], /--only knows bookings, .* not gateway/],
    [['--only', ''], /--only knows/],
    [['--seconds', 'ten'], /whole number from 3 to 60, not ten/],
    [['--seconds', '600'], /not 600/],
    [['--lines', '10'], /whole number from 1000 to 2000000, not 10/],
    [['--fast'], /--fast[\s\S]*npm run bench/],
    [['relay'], /relay[\s\S]*npm run bench/],
  ])('refuse %j in plain words', (args, words) => {
    expect(() => readOptions(args)).toThrow(expect.objectContaining({ name: 'PlainFailure' }));
    expect(() => readOptions(args)).toThrow(words);
  });
});
