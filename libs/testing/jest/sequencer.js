const { default: Sequencer } = require('@jest/test-sequencer');

/** The long ones, by kind: one of them begun last would keep one core waiting for the other. Scenarios stand together. */
const LONG = [/scenario-spec/, /tools\/demo\//, /deploy\/local\//, /fault-spec/];

const rank = ({ path }) => {
  const kind = LONG.findIndex((pattern) => pattern.test(path));
  return kind < 0 ? LONG.length : kind;
};

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
