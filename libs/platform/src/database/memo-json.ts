/**
 * JSON that keeps instants: a memoised answer must equal the first one, and code after the write may rely on a Date.
 * Dates are stored as {"$date": "…Z"}.
 */
export function toMemo(value: unknown): string {
  return JSON.stringify(markDates(value)) ?? 'null';
}

export function fromMemo(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown) => {
    if (isMarkedDate(value)) return new Date(value.$date);
    return value;
  });
}

function markDates(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(markDates);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, markDates(inner)]));
  }
  return value;
}

function isMarkedDate(value: unknown): value is { $date: string } {
  return (
    value !== null &&
    typeof value === 'object' &&
    Object.keys(value).length === 1 &&
    typeof (value as { $date?: unknown }).$date === 'string'
  );
}
