import { createHash, randomBytes } from 'node:crypto';

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

/**
 * Roles are shared by all databases of a server and several runs set their passwords at once: so each run must
 * come to the same password, which only those who know the superuser's can.
 */
export function testPassword(databaseAdminUrl: string, role: string): string {
  return createHash('sha256').update(`${databaseAdminUrl} ${role}`).digest('base64url');
}
