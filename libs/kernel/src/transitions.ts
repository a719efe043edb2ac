import { assert, DomainError } from './errors';

/** What an aggregate may do: for each state, the commands it takes and the state each leads to. */
export type TransitionTable<State extends string, Command extends string> = {
  readonly [S in State]: { readonly [C in Command]?: State };
};

/**
 * Checks a table when the module loads, so a wrong one never serves a request: every state is reachable from the
 * initial ones, and every target is a state of the table.
 */
export function transitions<State extends string, Command extends string>(
  noun: string,
  initial: readonly State[],
  table: TransitionTable<State, Command>,
) {
  const edges = (state: State) => Object.values(table[state]) as State[];
  const reached = new Set<State>(initial);
  for (const state of reached) {
    for (const target of edges(state)) {
      assert(target in table, `${noun}: ${state} leads to ${target}, which is not a state`);
      reached.add(target);
    }
  }
  for (const state of Object.keys(table))
    assert(reached.has(state as State), `${noun}: nothing leads to ${state}`);

  return {
    table,
    /** The state after the command, or a conflict that names what may be done instead. */
    next(state: State, command: Command): State {
      const target = table[state][command];
      if (target) return target;
      const allowed = Object.keys(table[state]);
      throw new DomainError(
        'conflict',
        `${noun}_${state}`,
        `A ${noun} that is ${state} can't be asked to ${command}.`,
        {
          mend: allowed.length ? `It takes: ${allowed.join(', ')}.` : 'Nothing more can happen to it.',
          state,
          allowed,
        },
      );
    },
    allows: (state: State, command: Command): boolean => table[state][command] !== undefined,
    /** States that no command leaves. */
    finals: (Object.keys(table) as State[]).filter((state) => edges(state).length === 0),
  };
}
