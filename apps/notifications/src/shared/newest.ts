/** One upsert can't touch a row twice, and only the newest snapshot of a key counts. */
export function newestByKey<E extends { key: string; version: number }>(batch: readonly E[]): E[] {
  const newest = new Map<string, E>();
  for (const received of batch) {
    const known = newest.get(received.key);
    if (!known || received.version > known.version) newest.set(received.key, received);
  }
  return [...newest.values()];
}
