import { type Day, liesWithin, type RegionCode } from '@doorstep/kernel';
import { endOfLicence, holdsOn, type Licence } from './licence';

/** `lapsed`: only a licence that has run out or was taken away stops bookings; `missing`: so does one never had. */
export const ENFORCEMENTS = ['lapsed', 'missing'] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

/** A kind of service needs a type of licence, somewhere, for some time. */
export interface Requirement {
  kind: string;
  licenceType: string;
  /** Null: everywhere. */
  regionCode: RegionCode | null;
  from: Day;
  /** First day that is out; null: without end. */
  to: Day | null;
  enforcement: Enforcement;
}

/** What a licence is to the rules. */
export type Paper = Pick<Licence, 'type' | 'validFrom' | 'validTo' | 'revokedOn'>;

/** An offering that needs licences by its own word, besides those that its kind needs. */
export interface LicensedOffering {
  offeringId: string;
  kind: string;
  licences: readonly string[];
}

export interface Block {
  kind: string;
  licenceType: string;
  reason: Enforcement;
  since?: Day;
  /** Only this offering; absent: all of the kind. */
  offeringId?: string;
}

export interface Standing {
  /** Kinds that take no new bookings today, and why. */
  blocks: Block[];
  /** The next day on which that may change by itself; null: never. */
  nextChangeOn: Day | null;
}

/** How a site stands on a day: for each kind that needs a licence, is there one that holds? */
export function standingOf(
  region: RegionCode,
  licences: readonly Paper[],
  requirements: readonly Requirement[],
  today: Day,
  offerings: readonly LicensedOffering[] = [],
): Standing {
  const here = requirements.filter((rule) => rule.regionCode === null || liesWithin(region, rule.regionCode));
  const needed = here.filter((rule) => rule.from <= today && (rule.to === null || today < rule.to));
  const ofKinds = needed.flatMap((rule) => blockOf(rule, licences, today) ?? []);
  const blocks = [
    ...ofKinds,
    ...offerings.flatMap((offering) => blocksOfOffering(offering, licences, today)),
  ];
  const days = [
    ...here.flatMap(({ from, to }) => [from, to]),
    ...licences.flatMap((licence) => [licence.validFrom, endOfLicence(licence)]),
  ].filter((day): day is Day => day !== null && day > today);
  return { blocks: strictest(blocks), nextChangeOn: days.sort()[0] ?? null };
}

export function blockedKinds(blocks: readonly Block[]): string[] {
  return [...new Set(blocks.flatMap(({ kind, offeringId }) => (offeringId ? [] : kind)))].sort();
}

export function blockedOfferings(blocks: readonly Block[]): string[] {
  return [...new Set(blocks.flatMap(({ offeringId }) => offeringId ?? []))].sort();
}

/** What an offering says that it needs, it needs from the first day on. */
function blocksOfOffering(
  { offeringId, kind, licences: types }: LicensedOffering,
  licences: readonly Paper[],
  today: Day,
): Block[] {
  return types.flatMap((licenceType) => {
    const block = blockOf({ kind, licenceType, enforcement: 'missing' }, licences, today);
    return block ? [{ ...block, offeringId }] : [];
  });
}

function blockOf(
  rule: Pick<Requirement, 'kind' | 'licenceType' | 'enforcement'>,
  licences: readonly Paper[],
  today: Day,
): Block | undefined {
  const { kind, licenceType } = rule;
  const ofType = licences.filter(({ type }) => type === licenceType);
  if (ofType.some((licence) => holdsOn(licence, today))) return undefined;
  const ends = ofType.map(endOfLicence).filter((end): end is Day => end !== null && end <= today);
  const since = ends.sort().at(-1);
  if (since) return { kind, licenceType, reason: 'lapsed', since };
  return rule.enforcement === 'missing' ? { kind, licenceType, reason: 'missing' } : undefined;
}

/** Two rules may ask for the same; it is said once. */
function strictest(blocks: readonly Block[]): Block[] {
  const byRule = new Map(
    blocks.map((block) => [`${block.kind} ${block.licenceType} ${block.offeringId ?? ''}`, block]),
  );
  return [...byRule.keys()].sort().map((key) => byRule.get(key) as Block);
}

/** Days before the end on which somebody is reminded; 0 is the first day without. */
export const REMINDERS = [90, 30, 7, 0] as const;
export type Reminder = (typeof REMINDERS)[number];

export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The reminder that is due: the nearest one that has been reached. Earlier ones are past, and not sent any more. */
export function reminderDue(validTo: Day, today: Day): Reminder | undefined {
  const left = daysBetween(today, validTo);
  return [...REMINDERS].reverse().find((reminder) => left <= reminder);
}
