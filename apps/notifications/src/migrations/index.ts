import type { Migration } from '@doorstep/platform';
import { Notifications1790000000001 } from './notifications-1';

/** Oldest first. */
export const migrations: Migration[] = [Notifications1790000000001];
