/** Rows as one JSON parameter, for `jsonb_to_recordset($1)` and `jsonb_populate_recordset(null::table, $1)`. */
export function asJson(rows: readonly object[]): string {
  return JSON.stringify(rows);
}

/** Rows as an array for each column, for `unnest($1::uuid[], …)`: on hot paths, where names would be read with every row. */
export function columnsOf<T>(rows: readonly T[], names: readonly (keyof T)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}

/** The one of each id with the highest version: a statement may touch a row only once. */
export function newestOfEach<T extends { id: string; version: number }>(rows: readonly T[]): T[] {
  const newest = new Map<string, T>();
  for (const row of rows) {
    if ((newest.get(row.id)?.version ?? 0) < row.version) newest.set(row.id, row);
  }
  return [...newest.values()];
}

/** Every leading part of region codes that is itself a region: 2, 4, 6, 9 and 12 digits. */
export function regionPrefixesOf(codes: Iterable<string>): string[] {
  const prefixes = new Set<string>();
  for (const code of codes)
    for (const digits of [2, 4, 6, 9, 12]) if (code.length >= digits) prefixes.add(code.slice(0, digits));
  return [...prefixes];
}

export function groupBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
