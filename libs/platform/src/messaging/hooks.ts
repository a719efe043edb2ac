/** Points where a crash would be most awkward; the faults suite stops the process there. */
export type CrashPoint = 'relay.acknowledged' | 'consumer.beforeCommit' | 'consumer.committed';

/** What a service may hang on the messaging's progress. Nothing by default. */
export interface MessagingHooks {
  at(point: CrashPoint): void | Promise<void>;
}

export const NO_HOOKS: MessagingHooks = { at: () => undefined };

export const MESSAGING_HOOKS = Symbol('doorstep:messaging-hooks');
