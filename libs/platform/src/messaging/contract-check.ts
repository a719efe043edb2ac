import { type ValidationError, validateSync } from 'class-validator';
import type { DomainEvent } from '@doorstep/contracts';
import './remembered-rules';

/** Where an event breaks the contract that its class declares. */
export function breachesOf(event: DomainEvent): ValidationError[] {
  return validateSync(event, { forbidUnknownValues: false });
}
