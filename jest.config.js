const { readdirSync, existsSync } = require('node:fs');
const { join } = require('node:path');

/** Pure projects, and the stack itself: their specs do not use the run's stack. */
const WITHOUT_STACK = new Set(['kernel', 'contracts', 'tidy', 'event-docs', 'local-stack']);

const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

const common = {
  testEnvironment: join(__dirname, 'libs/testing/jest/environment.js'),
  runtime: join(__dirname, 'libs/testing/jest/runtime.js'),
  testMatch: ['<rootDir>/src/**/*.{spec,scenario-spec,fault-spec}.ts'],
  setupFiles: ['reflect-metadata', join(__dirname, 'libs/testing/jest/seed.js')],
  // The project's own libraries are read from their source.
  testEnvironmentOptions: {
    customExportConditions: ['@doorstep/source', 'node', 'node-addons', 'require', 'default'],
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** What a project's specs find running: nothing, the stack, or the whole platform on it. */
function setupOf(name) {
  if (WITHOUT_STACK.has(name)) return {};
  const setup = name === 'scenarios' ? 'jest-platform-setup.ts' : 'jest-stack-setup.ts';
  return {
    globalSetup: join(__dirname, 'deploy/local/src', setup),
    globalTeardown: join(__dirname, 'deploy/local/src/jest-teardown.ts'),
  };
}

/** One Jest project per workspace project, named as Nx names it: `nx test bookings`, `jest apps/bookings`. */
function projects() {
  const groups = ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(__dirname, group)).map((name) => `${group}/${name}`),
  );
  return [...groups, 'deploy/local', 'scenarios', 'bench', 'faults']
    .filter((directory) => existsSync(join(__dirname, directory, 'package.json')))
    .map((directory) => {
      const { name } = require(`./${directory}/package.json`).nx;
      return {
        ...common,
        ...setupOf(name),
        displayName: name,
        rootDir: join(__dirname, directory),
      };
    });
}

module.exports = {
  projects: projects(),
  // Two cores: while one file waits for the stack, as starting and stopping services does, the others go on.
  maxWorkers: 3,
  testSequencer: '<rootDir>/libs/testing/jest/sequencer.js',
  workerIdleMemoryLimit: '2GB',
  testTimeout: 60_000,
  reporters: [
    'default',
    ...['platform-ends', 'closing-line'].map((name) => `<rootDir>/libs/testing/jest/${name}.js`),
  ],
};
