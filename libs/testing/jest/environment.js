const asyncHooks = require('node:async_hooks');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { defaultMetadataStorage } = require('class-transformer/cjs/storage');
const { getMetadataStorage } = require('class-validator');

/** Node's own listeners on these end the process in order; a service that a spec started adds its own. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const storages = new Set();
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    storages.add(this);
  }
};

/**
 * Node hands every promise to each storage that was ever run in, those of files and services that are gone too: after a
 * hundred files a promise cost many times as much. One that is used again is there again.
 */
function leaveStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/** What decorators have noted of the file's classes, which the next file defines anew: searched whole at each validation. */
function forgetClasses() {
  const { validationMetadatas, constraintMetadatas } = getMetadataStorage();
  validationMetadatas.clear();
  constraintMetadatas.clear();
  defaultMetadataStorage.clear();
}

/**
 * Specs run in Node's own realm, as the services do, and not in a realm for each file: so libraries can be loaded once
 * for all of them (see runtime.js). What a file adds to the global object, to the environment or to the process's
 * listeners is taken away after it.
 */
module.exports = class Environment {
  constructor({ globalConfig: _, projectConfig }) {
    this.global = globalThis;
    this.conditions = projectConfig.testEnvironmentOptions.customExportConditions;
    this.before = {
      // Among them the storage of class-validator, which other libraries hold on to.
      keys: new Set([...Reflect.ownKeys(globalThis), 'classValidatorMetadataStorage']),
      env: { ...process.env },
      listeners: new Map(SIGNALS.map((signal) => [signal, new Set(process.listeners(signal))])),
    };
    this.moduleMocker = new ModuleMocker(globalThis);
    const timers = { config: projectConfig, global: globalThis };
    const timerConfig = { idToRef: (id) => id, refToId: (timer) => timer };
    this.fakeTimers = new LegacyFakeTimers({ ...timers, moduleMocker: this.moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers(timers);
    globalThis.global = globalThis;
    Error.stackTraceLimit = 100;
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    forgetClasses();
    leaveStorages();
    const { keys, env, listeners } = this.before;
    for (const key of Reflect.ownKeys(globalThis))
      if (!keys.has(key)) Reflect.deleteProperty(globalThis, key);
    for (const key of Object.keys(process.env)) if (!(key in env)) delete process.env[key];
    Object.assign(process.env, env);
    for (const [signal, kept] of listeners)
      for (const listener of process.listeners(signal))
        if (!kept.has(listener)) process.removeListener(signal, listener);
  }

  exportConditions() {
    return this.conditions;
  }

  /** Undefined is the realm of the process itself. */
  getVmContext() {
    return undefined;
  }
};
