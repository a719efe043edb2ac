import { ChangeRecorded } from '@doorstep/contracts';
import { changeBy, currentActor, type Done, type Tx } from '@doorstep/platform';

/** Tells who changed what, in the transaction of the change: neither is there without the other. */
export function recordChange(tx: Tx, at: Date, done: Done): void {
  tx.tell(changeBy(currentActor(), ChangeRecorded, at, done));
}

/** Names of the fields that a command gives. */
export function fieldsOf(command: object): string[] {
  const entries: [string, unknown][] = Object.entries(command);
  return entries.flatMap(([field, value]) => (value === undefined || field === 'version' ? [] : [field]));
}
