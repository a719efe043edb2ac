import type { Migration } from '@doorstep/platform';
import { Notifications1790000000001 } from './notifications-1';
import { Notifications1790000000002 } from './notifications-2';
import { ReadModels1790000000010 } from './read-models';
import { ReadModels1790000000011 } from './read-models-2';
import { ResidentMerges1790000000020 } from './resident-merges';

/** Oldest first. */
export const migrations: Migration[] = [
  Notifications1790000000001,
  Notifications1790000000002,
  ReadModels1790000000010,
  ReadModels1790000000011,
  ResidentMerges1790000000020,
];
