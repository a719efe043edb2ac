import 'reflect-metadata';
import { IsISO8601, IsInt, Min } from 'class-validator';
import type { Topic } from './topics';

/** What every event carries in its data. The rest of the envelope travels in CloudEvents headers. */
export abstract class DomainEvent {
  // No decorators here: they would be inherited, and optional here would win over required there. Each class says it.
  /** The tenant: the operator whose data this is. Absent only on what all tenants share, such as regions. */
  operatorId?: string;

  /** Version of the aggregate after the change, from 1; consumers keep the highest they saw. */
  @IsInt()
  @Min(1)
  version: number;

  /** When it happened, ISO 8601 in UTC. */
  @IsISO8601()
  at: string;
}

export type EventClass<E extends DomainEvent = DomainEvent> = new () => E;

export interface EventContract {
  /** `<producer>.<Event>.v<major>`, the CloudEvents type. A new major is a new class beside the old one. */
  type: string;
  topic: Topic;
  /** The field whose value is the message key: events of one key keep their order. */
  key: string;
}

const contracts = new Map<EventClass, EventContract>();
const classes = new Map<string, EventClass>();

/** Registers a class as the published contract of an event type. */
export function EventType(contract: EventContract) {
  return (target: EventClass): void => {
    if (classes.has(contract.type)) throw new Error(`two classes claim the event type ${contract.type}`);
    contracts.set(target, contract);
    classes.set(contract.type, target);
  };
}

export function contractOf(event: EventClass): EventContract {
  const contract = contracts.get(event);
  if (!contract) throw new Error(`${event.name} has no @EventType`);
  return contract;
}

/** The class behind a CloudEvents type, undefined for types this build does not know. */
export function classOfType(type: string): EventClass | undefined {
  return classes.get(type);
}

export function allEvents(): EventClass[] {
  return [...contracts.keys()];
}

/** Builds an event; the class keeps the field names honest. */
export function event<E extends DomainEvent>(type: EventClass<E>, data: E): E {
  return Object.assign(new type(), data);
}
