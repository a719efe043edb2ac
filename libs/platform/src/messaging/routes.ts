import { isObservable, lastValueFrom } from 'rxjs';
import type { MessageHandler } from '@nestjs/microservices';
import type { Received } from './received';

interface Registered {
  /** Unique per decorated method. */
  id: string;
  call: MessageHandler;
  /** Its effect is a read model, so it may see events again. */
  readModel: boolean;
  /** Its transaction is its own. */
  alone: boolean;
}

/** Which handlers an event type goes to. A type may have several, a handler several types. */
export class Routes {
  private readonly handlers = new Map<string, Registered[]>();

  add(
    type: string,
    id: string,
    call: MessageHandler,
    { readModel = false, alone = false }: { readModel?: boolean; alone?: boolean } = {},
  ): void {
    const known = this.handlers.get(type) ?? [];
    this.handlers.set(type, [...known, { id, call, readModel, alone }]);
  }

  get types(): string[] {
    return [...this.handlers.keys()];
  }

  has(type: string): boolean {
    return this.handlers.has(type);
  }

  /** Types of the same route go to exactly the same handlers, so their events may share one call. */
  routeOf(type: string): string {
    return (this.handlers.get(type) ?? []).map(({ id }) => id).join('+');
  }

  /** Whether events of this type want a transaction without those of other routes. */
  isAlone(type: string): boolean {
    return (this.handlers.get(type) ?? []).some(({ alone }) => alone);
  }

  /**
   * Calls the handlers of one group, one after the other; all its events have the same route.
   *
   * @param readModelsOnly leaves out the handlers that must not see an event twice
   */
  async call(events: Received[], readModelsOnly = false): Promise<void> {
    for (const { call, readModel } of this.handlers.get(events[0].type) ?? []) {
      if (readModelsOnly && !readModel) continue;
      const outcome: unknown = await call(events);
      // Nest turns an exception of a handler into a stream that fails.
      if (isObservable(outcome)) await lastValueFrom(outcome, { defaultValue: undefined });
    }
  }
}
