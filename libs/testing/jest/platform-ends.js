const isScenario = ({ path }) => path.endsWith('.scenario-spec.ts');

/**
 * Ends the scenarios' platform after the last of them, which stand together in the run's order (see sequencer.js): idle,
 * its six processes and their consumers would still take a tenth of two cores from all specs that follow.
 */
module.exports = class PlatformEnds {
  running = new Set();
  seen = false;

  onTestFileStart(test) {
    if (isScenario(test)) {
      this.seen = true;
      this.running.add(test.path);
    } else this.endWhenUnused();
  }

  onTestFileResult(test) {
    this.running.delete(test.path);
  }

  endWhenUnused() {
    // Made by the global setup of the scenarios (deploy/local/src/jest-run.ts), whose teardown waits for the same end.
    if (this.seen && this.running.size === 0) void globalThis.doorstepTestRun?.platform?.stop();
  }
};
