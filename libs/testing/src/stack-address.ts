import { randomBytes } from 'node:crypto';
import type { TestPlatformAddress } from '@doorstep/local-stack';

/** The real parts that this test run uses; Jest's global setup has started or found them. */
export interface StackAddress {
  databaseAdminUrl: string;
  kafkaBrokers: string;
  redisUrl: string;
}

export function testStack(): StackAddress {
  const text = process.env.DOORSTEP_TEST_STACK;
  if (!text) {
    throw new Error(
      'No test stack: run this spec with Jest from the repository root, in a project that is not listed in WITHOUT_STACK of jest.config.js.',
    );
  }
  return JSON.parse(text) as StackAddress;
}

/** Unique among all runs on a shared stack; begins with the time, so what a crash leaves behind can be swept. */
export function uniqueName(): string {
  return `t${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
}

/** The platform that all scenarios of this run share: six real processes behind the gateway. */
export function testPlatform(): TestPlatformAddress {
  const failure = process.env.DOORSTEP_TEST_PLATFORM_FAILURE;
  if (failure) throw new Error(`The platform for the scenarios did not start: ${failure}`);
  const text = process.env.DOORSTEP_TEST_PLATFORM;
  if (!text) throw new Error('No test platform: only the specs of project scenarios have one.');
  return JSON.parse(text) as TestPlatformAddress;
}
