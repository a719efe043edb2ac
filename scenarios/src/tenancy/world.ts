import { randomBytes, randomUUID } from 'node:crypto';
import type { TestPlatformAddress } from '@doorstep/local-stack';
import { type Actor, mayDo, type Permission, ROLES } from '@doorstep/platform';
import { Caller, idsIn } from './api';
import { type Body, logIn, Registry, type Tenant } from './parties';
import { type ApiDocument, type IdOf, type Operation, operationsOf, Samples } from './samples';
import {
  bookLunch,
  enterCosts,
  eventually,
  fundMeals,
  type Ids,
  importRegions,
  openSite,
  OTHER_REGION,
  REGIONS,
  registerWebhook,
  signContract,
} from './seed';
import { keepAccounts } from './seed-billing';
import { placeChild } from './seed-childcare';
import { inspectSite, keepRoster } from './seed-quality';
import { openBankAccount } from './seed-settlement';

/**
 * What everybody may know, and other stories of the same run add to: the directory of organisations, statistics regions,
 * kinds of service, standards of childcare, checklists, grants, rules and guidelines of places, programmes with what is left of
 * their budgets (an operator must know whether a funder still pays).
 */
export const SHARED =
  /^\/v1\/(organisations|regions|kinds|programmes|templates|childcare-standards|checklists|care-grants|visit-rules|cancellation-rules|guidelines)(\/|$)/;
/** Their own account or session, whoever asks. */
const OWN = /^\/v1\/(people\/me|auth)(\/|$)/;
/** Stands for rows that the seed has none of. */
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** One tenant with something of everything, everybody who works with it, and those who must not see any of it. */
export interface World {
  operations: Operation[];
  samples: Samples;
  nobody: Caller;
  tenant: Tenant;
  authority: Body;
  /** The tenant's rows. */
  ids: Ids;
  /** Names and ids that stay between the tenant and those it works with. */
  secrets: string[];
  /** Another tenant's people. */
  strangers: Caller[];
  /** Another region's authority and its funder. */
  strangeBodies: Caller[];
  /** What the outsiders' lists said before the tenant had anything. */
  before: Reading;
}

/** Answers by `caller GET path`. */
export type Reading = Map<string, string>;

export async function createWorld(platform: TestPlatformAddress): Promise<World> {
  const run = randomBytes(4).toString('hex');
  const nobody = new Caller('nobody', 'nobody', platform.gatewayUrl);
  const document = await completeDocument(nobody);
  const operations = operationsOf(document).filter(({ path }) => !OWN.test(path));
  const samples = new Samples(document);
  const login: [string, string] = [platform.adminLogin, platform.adminPassword];
  const administrator = await logIn(nobody, 'administrator', 'administrator', ...login);
  const registry = new Registry(administrator, run);
  await importRegions(administrator);

  const outsiders = await createOutsiders(registry, run);
  const authority = await registry.authority('Near', REGIONS.authority);
  const funder = await registry.funder('Near', REGIONS.authority);
  const first = await registry.operator('First');
  const known = {
    operatorId: first.operatorId,
    organisationId: first.operatorId,
    authorityId: authority.organisationId,
    funderId: funder.organisationId,
    ...(await fundMeals(administrator, funder, `Public${run}`)),
  };
  const everyone = [...outsiders.strangers, ...outsiders.strangeBodies];
  // Twice: a first use may leave a trace of its own, such as when an API key was last used.
  const common = await readAll(withoutIds(operations), samples, everyone, () => undefined);
  const before = await readLists(operations, samples, everyone);

  const mark = `Private${run}`;
  const { tenant, ids } = await createTenant(registry, first, authority, mark);
  Object.assign(ids, known, await keepAccounts(tenant, ids, funder.organisationId, mark));
  addIdsFrom(ids, await readAll(operations, samples, [tenant.owner], isReal(ids)));
  const read = (): Promise<Reading> => readAll(operations, samples, [tenant.owner], isReal(ids));
  const own = [...(await settled(read))].filter(([request]) => !SHARED.test(request.split(' GET ')[1]));
  // What outsiders could read before is no secret: the directory, what the law of a place asks for.
  const open = new Set([...Object.values(known), ...idsIn([...common.values()].join('\n'))]);
  const secrets = [mark, ...idsIn(own.join('\n')).filter((id) => !open.has(id) && id !== NOWHERE)];
  return { operations, samples, nobody, tenant, authority, ids, secrets, ...outsiders, before };
}

async function createOutsiders(
  registry: Registry,
  run: string,
): Promise<Pick<World, 'strangers' | 'strangeBodies'>> {
  const other = await registry.operator('Other');
  const { siteId } = await openSite(other, `Other${run}`);
  const staff = await registry.staff(other.operatorId, 'Other', [siteId]);
  const [authority, funder] = await Promise.all([
    registry.authority('Other', OTHER_REGION),
    registry.funder('Other', OTHER_REGION),
  ]);
  return {
    strangers: [other.owner, other.frontEnd, ...staff],
    strangeBodies: [authority.caller, funder.caller],
  };
}

async function createTenant(
  registry: Registry,
  first: Omit<Tenant, 'staff'>,
  authority: Body,
  mark: string,
): Promise<{ tenant: Tenant; ids: Ids }> {
  const site = await openSite(first, mark);
  const tenant = { ...first, staff: await registry.staff(first.operatorId, 'First', [site.siteId]) };
  const contract = await signContract(tenant, authority, site.siteId, mark);
  const care = await placeChild(tenant, site.siteId, mark);
  await enterCosts(tenant, site.siteId);
  const webhook = await registerWebhook(tenant, mark);
  const booking = await bookLunch(tenant, site.offeringId, mark);
  const inspection = await inspectSite(tenant, site.siteId, mark);
  const roster = await keepRoster(tenant, site, booking.bookingId, mark);
  const account = await openBankAccount(tenant, mark);
  return {
    tenant,
    ids: { ...site, ...contract, ...care, ...webhook, ...booking, ...inspection, ...roster, ...account },
  };
}

/** Names the tenant's own rows; rows that it has none of are nowhere. */
export function isReal(ids: Ids): IdOf {
  return (name) => ids[name] ?? NOWHERE;
}

/** Named in directories that everybody may read; authorities and funders read of operators there, too. */
const LISTED = ['authorityId', 'funderId', 'programmeId', 'budgetId'];
const LISTED_FOR_BODIES = ['operatorId', 'organisationId'];

/** Names rows that don't exist where the tenant has some; always the same ones. */
export function isMadeUp(ids: Ids, role: string): IdOf {
  const made = new Map<string, string>();
  const isBody = ['authority', 'funder'].includes(role);
  return (name) => {
    if (LISTED.includes(name) || (isBody && LISTED_FOR_BODIES.includes(name))) return ids[name];
    if (!ids[name]) return NOWHERE;
    if (!made.has(name)) made.set(name, randomUUID());
    return made.get(name);
  };
}

/** GET of everything that callers may read without naming a row. */
export function readLists(operations: Operation[], samples: Samples, callers: Caller[]): Promise<Reading> {
  const lists = withoutIds(operations).filter(({ path }) => !SHARED.test(path));
  return readAll(lists, samples, callers, (name, required) => (required ? NOWHERE : undefined));
}

function withoutIds(operations: Operation[]): Operation[] {
  return operations.filter(({ path }) => !path.includes('{'));
}

/** GET of everything that callers may read, each row by its id. */
export async function readAll(
  operations: Operation[],
  samples: Samples,
  callers: Caller[],
  idOf: IdOf,
): Promise<Reading> {
  const reading: Reading = new Map();
  const reads = operations.filter(({ method, open }) => method === 'GET' && !open);
  await Promise.all(
    callers.map(async (caller) => {
      for (const operation of reads.filter((one) => mayCall(caller.role, one))) {
        const { status, text } = await caller.send('GET', samples.path(operation, idOf));
        reading.set(`${caller.name} GET ${operation.path}`, `${status} ${lasting(text)}`);
      }
    }),
  );
  return reading;
}

/** What says the same when it is read again: workbooks and papers carry the moment in which they were made. */
function lasting(text: string): string {
  if (text.startsWith('PK') || text.startsWith('%PDF')) return 'a file';
  return text.replace(/,?"correlationId":"[^"]+"/, '');
}

/** What reads otherwise than before, but for paths that move by themselves. */
export function changes(before: Reading, after: Reading, moves = (_path: string) => false): string[] {
  return [...after]
    .filter(([request, text]) => before.get(request) !== text && !moves(request.split(' GET ')[1]))
    .map(([request]) => request);
}

/**
 * Reading a resident's log or export is itself logged; deliveries are tried again and again; the portfolio follows the
 * capacity, which is counted again every few minutes.
 */
const MOVING = /^\/v1\/(residents\/\{id\}\/(accesses|export)|deliveries|webhook-endpoints|portfolio)/;

/** Whether a path reads otherwise after a while by itself, or because other stories add to what everybody may know. */
export function movesByItself(path: string): boolean {
  return MOVING.test(path) || (SHARED.test(path) && !path.includes('{'));
}

/** A reading that stays the same for a while: events have arrived everywhere. */
export function settled(read: () => Promise<Reading>): Promise<Reading> {
  return eventually(async () => {
    const first = await read();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const second = await read();
    const moved = changes(first, second, movesByItself);
    if (moved.length > 0) throw new Error(`still moving: ${moved.join(', ')}`);
    return second;
  });
}

/** Whether the permission table opens an operation to a role. */
export function mayCall(role: string, { permission }: Operation): boolean {
  if (!permission) return false;
  const base = { id: NOWHERE, organisationId: null, operatorId: null, regionPrefix: null };
  const roles = ROLES.filter((one) => one === role);
  const actor: Actor = { ...base, kind: role === 'front_end' ? 'client' : 'person', roles };
  return mayDo(actor, permission as Permission);
}

/** Ids that only answers tell. */
function addIdsFrom(ids: Ids, reading: Reading): void {
  const lists: Record<string, string> = {
    charges: 'chargeId',
    deliveries: 'deliveryId',
    people: 'personId',
    'api-clients': 'apiClientId',
  };
  for (const [segment, name] of Object.entries(lists)) {
    const list = [...reading].find(([request]) => request.endsWith(` GET /v1/${segment}`))?.[1] ?? '';
    const [id] = idsIn(list);
    if (id) ids[name] = id;
  }
}

function completeDocument(nobody: Caller): Promise<ApiDocument> {
  return eventually(async () => {
    const document = await nobody.must<ApiDocument>('GET', '/v1/openapi.json');
    const segments = new Set(Object.keys(document.paths).map((path) => path.split('/')[2]));
    const missing = ['sites', 'people', 'bookings', 'prices', 'deliveries'].filter(
      (one) => !segments.has(one),
    );
    if (missing.length > 0) throw new Error(`the API document lacks ${missing.join(', ')}`);
    return document;
  });
}
