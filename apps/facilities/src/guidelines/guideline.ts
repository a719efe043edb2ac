import type { RegionCode } from '@doorstep/kernel';
import type { Fault, Warning } from '../faults';
import type { SiteForm } from '../sites/site';

/** What a region's guideline says; null: nothing, so that of the region above holds. */
export interface GuidelineFigures {
  complexAreaMinM2: number | null;
  complexAreaBetterM2: number | null;
  /** Different kinds of service in a complex. */
  complexKindsMin: number | null;
  /** Of these, kinds that are urgent and scarce. */
  complexScarceKindsMin: number | null;
  /** Floor area of all sites together for each hundred households. */
  areaPer100HouseholdsM2: number | null;
  childcareClasses: ChildcareClass[] | null;
}

/** The figures that hold somewhere on a day. */
export type Guideline = GuidelineFigures;

/** Figure by figure, what the nearest region says. @param rules of the regions that enclose a place, any order */
export function effectiveGuideline(
  rules: readonly (GuidelineFigures & { regionPrefix: RegionCode | '' })[],
): Guideline {
  const nearest = [...rules].sort((a, b) => b.regionPrefix.length - a.regionPrefix.length);
  const said = <K extends keyof GuidelineFigures>(figure: K): GuidelineFigures[K] =>
    nearest.find((rule) => rule[figure] !== null)?.[figure] ?? (null as GuidelineFigures[K]);
  return {
    complexAreaMinM2: said('complexAreaMinM2'),
    complexAreaBetterM2: said('complexAreaBetterM2'),
    complexKindsMin: said('complexKindsMin'),
    complexScarceKindsMin: said('complexScarceKindsMin'),
    areaPer100HouseholdsM2: said('areaPer100HouseholdsM2'),
    childcareClasses: said('childcareClasses'),
  };
}

/** What is wrong with a guideline's figures. */
export function guidelineFaults(figures: GuidelineFigures): Fault[] {
  const faults: Fault[] = [];
  const { complexAreaMinM2, complexAreaBetterM2, complexKindsMin, complexScarceKindsMin, childcareClasses } =
    figures;
  if (complexAreaBetterM2 !== null && complexAreaMinM2 !== null && complexAreaBetterM2 < complexAreaMinM2) {
    faults.push({
      field: 'complexAreaBetterM2',
      reason: 'is less than the minimum',
      mend: 'Give more, or leave it out.',
    });
  }
  if (complexScarceKindsMin !== null && complexKindsMin !== null && complexScarceKindsMin > complexKindsMin) {
    faults.push({
      field: 'complexScarceKindsMin',
      reason: 'is more than all kinds',
      mend: 'Give complexKindsMin at most.',
    });
  }
  for (const [i, one] of (childcareClasses ?? []).entries()) {
    if (one.ageMonthsMin < one.ageMonthsMax) continue;
    faults.push({
      field: `childcareClasses[${i}].ageMonthsMax`,
      reason: 'leaves nobody',
      mend: 'It is the first age that is out.',
    });
  }
  return faults;
}

/** A class of the setting standard: children of an age, most in a group, most for one member of staff. */
export interface ChildcareClass {
  ageMonthsMin: number;
  /** Exclusive. */
  ageMonthsMax: number;
  groupMax: number;
  staffRatioMax: number;
}

export interface SiteFacts {
  form: SiteForm;
  areaM2: number;
  /** Kinds that the site offers now. */
  kinds: { code: string; urgentAndScarce: boolean }[];
}

/** What a guideline would like to be different. Gentle: nothing is refused for it. */
export function siteWarnings(site: SiteFacts, guideline: Guideline): Warning[] {
  if (site.form !== 'complex') return [];
  return [...areaWarnings(site, guideline), ...kindWarnings(site, guideline)];
}

function areaWarnings(
  { areaM2 }: SiteFacts,
  { complexAreaMinM2, complexAreaBetterM2 }: Guideline,
): Warning[] {
  if (complexAreaMinM2 !== null && areaM2 < complexAreaMinM2) {
    return [
      {
        code: 'complex_small',
        message: `A complex of ${areaM2} m² is under the guideline of ${complexAreaMinM2} m².`,
        mend: 'Add space, or enter the site as a point.',
      },
    ];
  }
  if (complexAreaBetterM2 !== null && areaM2 < complexAreaBetterM2) {
    return [
      {
        code: 'complex_below_better',
        message: `${areaM2} m² keeps the guideline; ${complexAreaBetterM2} m² would be better.`,
        mend: 'Nothing has to be done.',
      },
    ];
  }
  return [];
}

/** A complex without any offering is being entered, so its mix isn't judged yet. */
function kindWarnings(
  { kinds }: SiteFacts,
  { complexKindsMin, complexScarceKindsMin }: Guideline,
): Warning[] {
  if (kinds.length === 0) return [];
  const scarce = kinds.filter((kind) => kind.urgentAndScarce).length;
  const warnings: Warning[] = [];
  if (complexKindsMin !== null && kinds.length < complexKindsMin) {
    warnings.push({
      code: 'complex_few_kinds',
      message: `A complex offers at least ${complexKindsMin} kinds of service; this one ${kinds.length}.`,
      mend: 'Enter offerings of further kinds.',
    });
  }
  if (complexScarceKindsMin !== null && scarce < complexScarceKindsMin) {
    warnings.push({
      code: 'complex_few_scarce_kinds',
      message: `At least ${complexScarceKindsMin} of a complex's kinds are urgent and scarce; here ${scarce}.`,
      mend: 'Add elderly care, childcare, after-school care or meals.',
    });
  }
  return warnings;
}

/** Whether the sites of a region have the room that its households ask for. */
export function floorAreaWarnings(
  { areaM2, households }: { areaM2: number; households: number },
  { areaPer100HouseholdsM2 }: Guideline,
): Warning[] {
  const wantedM2 = ((areaPer100HouseholdsM2 ?? 0) * households) / 100;
  if (areaM2 >= wantedM2) return [];
  const missing = Math.ceil(wantedM2 - areaM2);
  return [
    {
      code: 'floor_area_short',
      message: `${areaPer100HouseholdsM2} m² for each hundred of ${households} households are ${missing} m² more than there are.`,
      mend: 'Look at the gaps, and at where to build next.',
    },
  ];
}

export interface ChildcareFacts {
  capacity: number;
  staffRatio: number | null;
  ageMonthsMin: number | null;
  ageMonthsMax: number | null;
}

/** How a childcare offering stands to the classes whose ages it takes; the youngest class sets the measure. */
export function childcareWarnings(care: ChildcareFacts, guideline: Guideline): Warning[] {
  const from = care.ageMonthsMin ?? 0;
  const to = care.ageMonthsMax ?? Number.POSITIVE_INFINITY;
  const taken = (guideline.childcareClasses ?? []).filter(
    (c) => c.ageMonthsMin < to && from < c.ageMonthsMax,
  );
  if (taken.length === 0) return [];
  const groupMax = Math.min(...taken.map((c) => c.groupMax));
  const ratioMax = Math.min(...taken.map((c) => c.staffRatioMax));
  const warnings: Warning[] = [];
  if (care.capacity > groupMax) {
    warnings.push({
      code: 'childcare_group_large',
      message: `${care.capacity} children of these ages are more than a group of ${groupMax}.`,
      mend: `Offer several groups of at most ${groupMax}, or narrow the ages.`,
    });
  }
  if (care.staffRatio === null || care.staffRatio > ratioMax) {
    warnings.push({
      code: 'childcare_staff_few',
      message: `For these ages one member of staff looks after at most ${ratioMax} children.`,
      mend: `Set staffRatio to ${ratioMax} or less, with the staffCount on duty.`,
    });
  }
  return warnings;
}
