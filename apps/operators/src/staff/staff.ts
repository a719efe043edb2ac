import { DomainError } from '@doorstep/kernel';

/** Sites that one member of staff may work at. */
export const SITES_PER_STAFF_MAX = 100;

/** Somebody who gives care at sites. */
export interface Staff {
  id: string;
  operatorId: string;
  /** The account with which they log in; null when they have none. */
  personId: string | null;
  name: string;
  jobTitle: string;
  /** What they can do, such as `bedside_care`; offerings ask for it. */
  skills: string[];
  siteIds: string[];
  /** False once they have left: no new bookings. */
  active: boolean;
  /** Their shifts are kept here: they are asked for within them alone. Becomes true with the first shift. */
  rostered: boolean;
  version: number;
}

export interface EnterStaff {
  name: string;
  jobTitle: string;
  skills: string[];
  siteIds: string[];
  personId?: string;
}

export type ChangeStaff = Partial<EnterStaff> & { active?: boolean; rostered?: boolean };

/** Who enters or changes staff, as far as the decision needs to know. */
export interface StaffKeeper {
  operatorId: string | null;
  /** The sites they are bound to; undefined: all of the tenant. */
  siteIds?: string[];
}

export function enterStaff(keeper: StaffKeeper, command: EnterStaff, id: string): Staff {
  if (!keeper.operatorId) {
    throw new DomainError('forbidden', 'no_tenant', 'Staff belong to an operator, and you to none.', {
      mend: 'Act as a person of the operator.',
    });
  }
  return {
    id,
    operatorId: keeper.operatorId,
    personId: command.personId ?? null,
    name: filled(command.name, 'name'),
    jobTitle: filled(command.jobTitle, 'jobTitle'),
    skills: unique(command.skills),
    siteIds: reachable(keeper, unique(command.siteIds)),
    active: true,
    rostered: false,
    version: 1,
  };
}

export function changeStaff(keeper: StaffKeeper, staff: Staff, command: ChangeStaff): Staff {
  // Somebody bound to sites changes only who works at those sites alone.
  reachable(keeper, staff.siteIds);
  return {
    ...staff,
    name: command.name === undefined ? staff.name : filled(command.name, 'name'),
    jobTitle: command.jobTitle === undefined ? staff.jobTitle : filled(command.jobTitle, 'jobTitle'),
    skills: command.skills ? unique(command.skills) : staff.skills,
    siteIds: command.siteIds ? reachable(keeper, unique(command.siteIds)) : staff.siteIds,
    personId: command.personId ?? staff.personId,
    active: command.active ?? staff.active,
    rostered: command.rostered ?? staff.rostered,
    version: staff.version + 1,
  };
}

function reachable(keeper: StaffKeeper, siteIds: string[]): string[] {
  const beyond = keeper.siteIds ? siteIds.filter((id) => !keeper.siteIds?.includes(id)) : [];
  if (beyond.length === 0) return siteIds;
  throw new DomainError(
    'forbidden',
    'site_not_yours',
    `${beyond.length} of the sites are not yours to staff.`,
    {
      field: 'siteIds',
      mend: 'Name your own sites, or ask a portfolio manager.',
      siteIds: beyond,
    },
  );
}

function filled(given: string, field: string): string {
  const text = given.trim();
  if (text !== '') return text;
  throw new DomainError('invalid', `${field === 'name' ? 'name' : 'job_title'}_empty`, `${field} is empty.`, {
    field,
    mend: `Give the ${field === 'name' ? "person's name" : 'job title'}.`,
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
