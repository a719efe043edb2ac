const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** What is not the project's own: a package's name, except for those that belong to the run itself. */
const LIBRARY = /^(?!node:|@doorstep\/|@jest\/|expect$)[@\w]/;
const requires = new Map();

/**
 * Loads every library once for a worker by Node's own loader, and the project's own modules anew for every spec file.
 * Jest would read, compile and run a thousand files of libraries for each of several hundred spec files, which was a
 * third of what its processes did. Nothing here replaces a library's modules by mocks; who wants to cannot.
 */
module.exports = class LibrariesOnce extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor } = this;
    // In the realm of the process (see environment.js), which Jest's own way takes for a realm that is gone.
    executor.compile = (source, filename) =>
      compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModule(from, name, options, isActual) {
    if (!name || options?.isInternalModule || !LIBRARY.test(name)) {
      return super.requireModule(from, name, options, isActual);
    }
    if (!requires.has(from)) requires.set(from, createRequire(from));
    return requires.get(from)(name);
  }
};
module.exports.default = module.exports;
