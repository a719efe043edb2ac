const { default: Sequencer } = require('@jest/test-sequencer');

/** The long ones, longest first: one of them begun last would keep one core waiting for the other. */
const LONG = [/tools\/demo\//, /deploy\/local\//, /scenario-spec/, /fault-spec/];

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) =>
      (LONG.findIndex((pattern) => pattern.test(path)) + LONG.length + 1) % (LONG.length + 1);
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
