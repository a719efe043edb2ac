import type { Migration } from '@doorstep/platform';
import { Notifications1790000000001 } from './notifications-1';
import { Notifications1790000000002 } from './notifications-2';
import { ReadModels1790000000010 } from './read-models';
import { ReadModels1790000000011 } from './read-models-2';
import { ResidentMerges1790000000020 } from './resident-merges';
import { PoliciesById1790000000030 } from './policies-by-id';

/** Oldest first. */
export const migrations: Migration[] = [
  Notifications1790000000001,
  Notifications1790000000002,
  ReadModels1790000000010,
  ReadModels1790000000011,
  ResidentMerges1790000000020,
  PoliciesById1790000000030,
];
