import { tableOf } from '../config/settings-document';
import { ROLES } from '../context/actor';
import { PERMISSIONS, type PermissionRow } from './permissions';

const HEAD = `# Who may do what

Made from \`libs/platform/src/access/permissions.ts\`. After a change there write it again with
\`DOCS=write npx jest libs/platform/src/access/access-document\`; a spec fails when it is stale.

A permission opens an operation (\`x-permission\` in the API document). Which rows are seen is decided by the tenant
(people and API clients of an operator see that operator's), the region prefix (authorities), the own programmes and
claims (funders) and the sites (site managers and caregivers). API clients can be narrowed further by scopes:
\`bookings:create\`, or \`bookings:*\`.
`;

/** docs/ACCESS.md, made from the permission table. */
export function accessDocument(rows: readonly PermissionRow[] = PERMISSIONS): string {
  const titles = ['permission', ...ROLES.map((role) => role.replace('_', ' ')), 'opens'];
  const table = rows.filter(({ system }) => !system).map(cellsOf);
  const internal = rows
    .filter(({ system }) => system)
    .map(({ permission, description }) => `\`${permission}\` (${description})`);
  return `${HEAD}\n${tableOf(titles, table)}\n\nBetween the processes only: ${internal.join(', ')}.\n`;
}

function cellsOf({ permission, roles, description }: PermissionRow): string[] {
  return [`\`${permission}\``, ...ROLES.map((role) => (roles.includes(role) ? 'x' : '')), description];
}
