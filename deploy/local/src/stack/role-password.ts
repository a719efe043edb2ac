import { createHash } from 'node:crypto';

/**
 * For test servers: roles are shared by all databases of a server, and several runs set their passwords at once,
 * so each run must come to the same one; only who knows the superuser's password can.
 */
export function testRolePassword(databaseAdminUrl: string, role: string): string {
  return createHash('sha256').update(`${databaseAdminUrl} ${role}`).digest('base64url');
}
