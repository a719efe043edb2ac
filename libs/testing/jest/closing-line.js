const { writeSync } = require('node:fs');

/**
 * Closes the output of a test run with one plain line: `N passed, N failed`, and `, N skipped` only when there
 * are any. A spec file that does not even load counts as one failure. Jest prints its own summary after the
 * last reporter is done, so the line waits for the process to end.
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    process.once('exit', () => writeSync(1, line));
  }
};
