import type {
  CapacityModel,
  CareLevel,
  DeliveryPlace,
  ServiceMode,
  UnpricedPolicy,
} from '@doorstep/contracts';
import type { RegionCode } from '@doorstep/kernel';
import type { Fault } from '../faults';
import { weeklyHoursCover, type WeeklySpan } from '../sites/opening-hours';
import { minutesOf, WALL_CLOCK } from '../sites/wall-clock';

/** A window of a weekday in site-local time; with `slotMinutes` it is cut into slots, without it is one session. */
export interface Window {
  weekday: number;
  starts: string;
  ends: string;
  slotMinutes?: number;
}

/** What a site offers, as far as its rules need it. */
export interface Offering {
  kind: string;
  mode: ServiceMode;
  delivery: DeliveryPlace;
  capacityModel: CapacityModel;
  capacity: number;
  staffRatio: number | null;
  staffCount: number | null;
  spaceId: string | null;
  ageMonthsMin: number | null;
  /** Exclusive. */
  ageMonthsMax: number | null;
  careLevelMin: CareLevel | null;
  skills: string[];
  licences: string[];
  schedule: Window[];
  leadMinutes: number;
  cutoffMinutes: number;
  bufferMinutes: number;
  unpricedPolicy: UnpricedPolicy;
}

/** What an offering's rules look at around it. */
export interface OfferingSurroundings {
  kind:
    { code: string; active: boolean; regionCode: RegionCode | null; modes: readonly string[] } | undefined;
  site: { regionCode: RegionCode; weekly: readonly WeeklySpan[] };
  space: { capacity: number; active: boolean } | undefined;
}

const WINDOWS_MAX = 100;

/** Everything that is wrong with an offering, across its fields and with its surroundings. */
export function offeringFaults(offering: Offering, around: OfferingSurroundings): Fault[] {
  return [
    ...kindFaults(offering, around),
    ...capacityFaults(offering),
    ...staffFaults(offering),
    ...spaceFaults(offering, around),
    ...ageFaults(offering),
    ...timeFaults(offering),
    ...scheduleFaults(offering, around.site.weekly),
  ];
}

/**
 * What is wrong even with an offering that is taken off. It need not fit its surroundings any more (that may be why it goes);
 * but what it says of itself must hold, and what it names must be there.
 */
export function faultsOfTakenOff(
  offering: Offering,
  { kind, space }: Pick<OfferingSurroundings, 'kind' | 'space'>,
): Fault[] {
  return [
    ...(kind ? [] : [unknownKind(offering)]),
    ...capacityFaults(offering),
    ...staffFaults(offering),
    ...(offering.spaceId === null || space ? [] : [UNKNOWN_SPACE]),
    ...ageFaults(offering),
    ...timeFaults(offering),
    ...brokenWindows(offering.schedule),
  ];
}

function unknownKind({ kind }: Offering): Fault {
  return { field: 'kind', reason: `${kind} is no kind of service`, mend: 'GET /v1/kinds lists them.' };
}

const UNKNOWN_SPACE: Fault = {
  field: 'spaceId',
  reason: 'is no space of this site',
  mend: 'GET /v1/sites/{id}/spaces lists them.',
};

function kindFaults(offering: Offering, { kind: known, site }: OfferingSurroundings): Fault[] {
  if (!known?.active) return [unknownKind(offering)];
  const { kind, mode } = offering;
  if (known.regionCode && !site.regionCode.startsWith(known.regionCode)) {
    return [
      {
        field: 'kind',
        reason: `${kind} belongs to region ${known.regionCode} alone`,
        mend: 'Take a kind of the country.',
      },
    ];
  }
  if (known.modes.length === 0 || known.modes.includes(mode)) return [];
  return [{ field: 'mode', reason: `${mode} doesn't fit ${kind}`, mend: `Take ${known.modes.join(', ')}.` }];
}

function capacityFaults({ capacityModel, capacity }: Offering): Fault[] {
  if (capacityModel !== 'exclusive' || capacity === 1) return [];
  return [
    { field: 'capacity', reason: 'must be 1 for one booking at a time', mend: 'Give 1, or the model seats.' },
  ];
}

function staffFaults({ capacityModel, staffRatio, staffCount, skills, licences }: Offering): Fault[] {
  const faults: Fault[] = [];
  if (capacityModel !== 'places' && (staffRatio !== null || staffCount !== null)) {
    const field = staffRatio !== null ? 'staffRatio' : 'staffCount';
    faults.push({ field, reason: 'only bounds places', mend: 'Leave it out, or take the model places.' });
  } else if ((staffRatio === null) !== (staffCount === null)) {
    const field = staffRatio === null ? 'staffRatio' : 'staffCount';
    faults.push({ field, reason: 'is missing', mend: 'Give staffRatio and staffCount together.' });
  }
  if (capacityModel === 'caregiver' && skills.length === 0) {
    faults.push({
      field: 'skills',
      reason: 'are missing',
      mend: 'Say what the caregiver must be able to do.',
    });
  }
  if (new Set(skills).size < skills.length) {
    faults.push({ field: 'skills', reason: 'name one twice', mend: 'Name each once.' });
  }
  if (new Set(licences).size < licences.length) {
    faults.push({ field: 'licences', reason: 'name one twice', mend: 'Name each once.' });
  }
  return faults;
}

function spaceFaults(
  { spaceId, capacityModel, capacity, delivery }: Offering,
  { space }: OfferingSurroundings,
): Fault[] {
  if (spaceId === null) return [];
  if (!space?.active) return [UNKNOWN_SPACE];
  if (delivery === 'home' || delivery === 'bedside') {
    return [
      { field: 'spaceId', reason: `isn't used by a service given at the ${delivery}`, mend: 'Leave it out.' },
    ];
  }
  if (capacityModel === 'exclusive' || capacity <= space.capacity) return [];
  return [
    {
      field: 'capacity',
      reason: `is more than the space holds (${space.capacity})`,
      mend: 'Lower one, or raise the other.',
    },
  ];
}

function ageFaults({ ageMonthsMin, ageMonthsMax }: Offering): Fault[] {
  if (ageMonthsMin === null || ageMonthsMax === null || ageMonthsMin < ageMonthsMax) return [];
  return [
    {
      field: 'ageMonthsMax',
      reason: 'leaves nobody',
      mend: 'It is the first age that is out: more than ageMonthsMin.',
    },
  ];
}

function timeFaults({ leadMinutes, cutoffMinutes }: Offering): Fault[] {
  if (leadMinutes === 0 || leadMinutes > cutoffMinutes) return [];
  return [
    {
      field: 'cutoffMinutes',
      reason: 'ends booking before it begins',
      mend: 'Let leadMinutes be 0 (always open) or more than cutoffMinutes.',
    },
  ];
}

function brokenWindows(schedule: readonly Window[]): Fault[] {
  if (schedule.length > WINDOWS_MAX) {
    return [
      { field: 'schedule', reason: `has ${schedule.length} windows`, mend: `Give at most ${WINDOWS_MAX}.` },
    ];
  }
  return schedule.flatMap((window, i) => windowFaults(window, `schedule[${i}]`));
}

function scheduleFaults({ schedule, delivery }: Offering, weekly: readonly WeeklySpan[]): Fault[] {
  const broken = brokenWindows(schedule);
  if (broken.length > 0) return broken;
  const outside = delivery === 'on_site' ? windowsOutside(schedule, weekly) : [];
  return [
    ...overlaps(schedule),
    ...outside.map((i) => ({
      field: `schedule[${i}]`,
      reason: "lies outside of the site's opening hours",
      mend: 'Move the window, or open the site longer first.',
    })),
  ];
}

/** Indices of windows that lie outside of weekly opening hours. */
export function windowsOutside(schedule: readonly Window[], weekly: readonly WeeklySpan[]): number[] {
  return schedule.flatMap(({ weekday, starts, ends }, i) =>
    weeklyHoursCover(weekly, weekday, starts, ends) ? [] : [i],
  );
}

function windowFaults({ weekday, starts, ends, slotMinutes }: Window, field: string): Fault[] {
  if (!(Number.isInteger(weekday) && weekday >= 1 && weekday <= 7)) {
    return [{ field: `${field}.weekday`, reason: 'is no weekday', mend: 'Give 1 (Monday) to 7 (Sunday).' }];
  }
  if (!WALL_CLOCK.test(starts) || !WALL_CLOCK.test(ends) || ends <= starts) {
    return [
      {
        field: `${field}.ends`,
        reason: 'does not come after the start',
        mend: 'Give HH:MM on one day, 24:00 at most; cut a window over midnight in two.',
      },
    ];
  }
  const length = minutesOf(ends) - minutesOf(starts);
  if (
    slotMinutes === undefined ||
    (Number.isInteger(slotMinutes) && slotMinutes >= 5 && length % slotMinutes === 0)
  ) {
    return [];
  }
  return [
    {
      field: `${field}.slotMinutes`,
      reason: `doesn't divide the window of ${length} minutes`,
      mend: 'Give a divisor of at least 5 minutes, or another end.',
    },
  ];
}

/** Windows of one weekday that overlap: the same place would be sold twice. */
function overlaps(schedule: readonly Window[]): Fault[] {
  const sorted = schedule
    .map((window, index) => ({ ...window, index }))
    .sort((a, b) => a.weekday - b.weekday || (a.starts < b.starts ? -1 : 1));
  return sorted.slice(1).flatMap((next, i) => {
    const former = sorted[i];
    if (former.weekday !== next.weekday || next.starts >= former.ends) return [];
    return [
      {
        field: `schedule[${next.index}]`,
        reason: `overlaps schedule[${former.index}]`,
        mend: 'Join the windows, or enter a second offering.',
      },
    ];
  });
}
