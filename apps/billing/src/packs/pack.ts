import type { Day, Fen } from '@doorstep/kernel';
import type { Eligibility } from '../programmes/eligibility';
import type { Base, Caps } from '../programmes/programme';

/** Who pays for a part of a pack; an installation says which organisation that is. */
export type PackFunder = 'meals' | 'childcare' | 'voucher' | 'insurance';

/** One programme of a pack, in the form in which programmes are set up. */
export interface PackProgramme {
  code: string;
  name: { zh: string; en: string };
  funder: PackFunder;
  kinds: string[];
  modes: string[] | null;
  eligibility: Eligibility;
  base: Base;
  rateBp: number | null;
  fixedFen: Fen | null;
  minimumGrossFen: Fen | null;
  caps: Caps;
  order: number;
  excludes: string[];
  /** Where the figures come from, or that they are to be set by whoever installs it. */
  source: string;
  /** Bounds within which an installation may set another rate. */
  rateRangeBp?: { min: number; max: number };
}

/** A city's programmes as data. */
export interface Pack {
  code: string;
  name: { zh: string; en: string };
  regionPrefix: string;
  /** Day from which the figures are meant. */
  asOf: Day;
  programmes: readonly PackProgramme[];
}
