import 'reflect-metadata';

export interface PeriodicOptions {
  /** Pause between the end of one round and the start of the next; ±10 % jitter is added. */
  everyMs: number;
  /** Unique in the service; also names the advisory lock that lets one process of many do the round. */
  name: string;
}

const PERIODIC = Symbol('doorstep:periodic');

/**
 * Runs a provider's method over and over: never overlapping itself, by one process per database at a time,
 * as the system actor. An error ends the round only; it is logged and counted.
 */
export function Periodic(options: PeriodicOptions): MethodDecorator {
  return (target, property) => {
    const known = periodicsOf(target);
    Reflect.defineMetadata(PERIODIC, [...known, { ...options, method: String(property) }], target);
  };
}

export type PeriodicMethod = PeriodicOptions & { method: string };

export function periodicsOf(prototype: object): PeriodicMethod[] {
  return (Reflect.getMetadata(PERIODIC, prototype) as PeriodicMethod[] | undefined) ?? [];
}
