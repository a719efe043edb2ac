import { ROLES } from '../context/actor';
import { PERMISSIONS, type PermissionRow } from './permissions';

/** docs/ACCESS.md, made from the permission table. */
export function accessDocument(rows: readonly PermissionRow[] = PERMISSIONS): string {
  const head = [
    '# Who may do what',
    '',
    'Made from `libs/platform/src/access/permissions.ts`; `npm run docs` writes it again, a spec fails when it is stale.',
    '',
    'A permission opens an operation (`x-permission` in the API document). Which rows are seen is decided by the',
    "tenant (people and API clients of an operator see that operator's), the region prefix (authorities), the own",
    'programmes and claims (funders) and the sites (site managers and caregivers). API clients can be narrowed further',
    'by scopes: `bookings:create`, or `bookings:*`.',
    '',
    `| permission | ${ROLES.map((role) => role.replace('_', ' ')).join(' | ')} | opens |`,
    `|---|${ROLES.map(() => ':-:').join('|')}|---|`,
  ];
  const lines = rows.filter(({ system }) => !system).map(rowOf);
  const internal = rows
    .filter(({ system }) => system)
    .map(({ permission, description }) => `\`${permission}\` (${description})`);
  return [...head, ...lines, '', `Between the processes only: ${internal.join(', ')}.`, ''].join('\n');
}

function rowOf({ permission, roles, description }: PermissionRow): string {
  const marks = ROLES.map((role) => (roles.includes(role) ? '●' : ''));
  return `| \`${permission}\` | ${marks.join(' | ')} | ${description} |`;
}
