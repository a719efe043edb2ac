import type { Migration } from '@doorstep/platform';
import { ClosuresAndHolidays1763900000104 } from './closures-and-holidays';
import { PriceCeilings1763900000106 } from './price-ceilings';
import { ProjectsAndRevisions1763900000105 } from './projects-and-revisions';
import { RegionFiles1763900000103 } from './region-files';
import { RegionProgress1763900000150 } from './region-progress';
import { Regions1763900000101 } from './regions';
import { Sites1763900000102 } from './sites';
import { ReadModels1763900000120 } from './read-models';
import { UnpricedPolicy1763900000110 } from './unpriced-policy';
import { MilestoneNotes1763900000140 } from './milestone-notes';
import { PoliciesById1763900000130 } from './policies-by-id';

/** The tables of the service, oldest first. */
export const migrations: readonly Migration[] = [
  Regions1763900000101,
  Sites1763900000102,
  RegionFiles1763900000103,
  ClosuresAndHolidays1763900000104,
  ProjectsAndRevisions1763900000105,
  PriceCeilings1763900000106,
  UnpricedPolicy1763900000110,
  ReadModels1763900000120,
  PoliciesById1763900000130,
  MilestoneNotes1763900000140,
  RegionProgress1763900000150,
];
