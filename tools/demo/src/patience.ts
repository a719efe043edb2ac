const LOOK_AGAIN_MS = 100;
const PATIENCE_MS = 60_000;

/** What a service does in its own time: looked for again and again until it is there, or until patience is over. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const began = Date.now(); ;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() - began > PATIENCE_MS) throw new Error(`after a minute ${what}`);
    await lookAgain();
  }
}

/** The first good answer; when patience is over the last one, whatever it is, for a check to tell. */
export async function untilGood<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  for (const began = Date.now(); ;) {
    const answer = await ask();
    if (isGood(answer) || Date.now() - began > PATIENCE_MS) return answer;
    await lookAgain();
  }
}

export function lookAgain(ms = LOOK_AGAIN_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
