import type { Schema } from './schema';

/**
 * How an event's schema may change. Facts stay in topics for weeks and snapshots for ever, and services and webhook
 * receivers are never all of one build, so a change has to hold in both directions:
 *
 * - `breaking`: events already told would be refused by the new class, or a reader of the old schema would miss or
 *   misread something. Not for this type any more: tell a new major beside it.
 * - `consumers_first`: every old event is still good, but a reader of the old build refuses (parks, doesn't lose) an
 *   event that uses the new freedom, such as a wider enum. Allowed; bring the readers up before the tellers.
 *
 * A new optional field and a new event type are free.
 */
export type Severity = 'breaking' | 'consumers_first';

export interface Change {
  /** Path of the field: `funders[].amountFen`; empty for the event itself. */
  field: string;
  severity: Severity;
  what: string;
}

/** Words that carry no rule. */
const PROSE = new Set(['$schema', '$id', 'title', 'description', 'examples']);
/** Looked at one by one below. */
const STRUCTURE = new Set(['properties', 'required', 'items', 'enum', 'type', 'x-topic', 'x-key']);
const LOWER_BOUNDS = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const UPPER_BOUNDS = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

/** Every change that matters between the schema that was published and the one that the class has now. */
export function changesBetween(was: Schema, is: Schema, field = ''): Change[] {
  if (was.type !== is.type) {
    return [breaking(field, `was ${was.type ?? 'anything'} and is now ${is.type ?? 'anything'}`)];
  }
  return [
    ...routeChanges(was, is, field),
    ...fieldChanges(was, is, field),
    ...enumChanges(was, is, field),
    ...ruleChanges(was, is, field),
    ...(was.items || is.items ? changesBetween(was.items ?? {}, is.items ?? {}, `${field}[]`) : []),
  ];
}

/** Another topic or key breaks the order that readers rely on. */
function routeChanges(was: Schema, is: Schema, field: string): Change[] {
  return (['x-topic', 'x-key'] as const)
    .filter((word) => was[word] !== is[word])
    .map((word) => breaking(field, `its ${word.slice(2)} was ${was[word]} and is now ${is[word]}`));
}

function fieldChanges(was: Schema, is: Schema, path: string): Change[] {
  const before = was.properties ?? {};
  const after = is.properties ?? {};
  const mustBefore = new Set(was.required);
  const mustAfter = new Set(is.required);
  const under = (name: string) => (path ? `${path}.${name}` : name);
  const kept = Object.keys(before).flatMap((name): Change[] => {
    const at = under(name);
    if (!after[name]) return [breaking(at, 'is gone; renaming is removing too')];
    if (mustAfter.has(name) && !mustBefore.has(name))
      return [breaking(at, 'is now required; old events lack it')];
    if (mustBefore.has(name) && !mustAfter.has(name))
      return [breaking(at, 'may now be absent; readers count on it')];
    return changesBetween(before[name], after[name], at);
  });
  const demanded = Object.keys(after).filter((name) => !before[name] && mustAfter.has(name));
  return [
    ...kept,
    ...demanded.map((name) => breaking(under(name), 'is new and required; old events lack it')),
  ];
}

function enumChanges(was: Schema, is: Schema, field: string): Change[] {
  if (!was.enum && !is.enum) return [];
  if (!was.enum) return [breaking(field, `is now limited to ${is.enum?.join(', ')}`)];
  if (!is.enum) return [consumersFirst(field, 'is no longer limited to a list')];
  const lost = was.enum.filter((value) => !is.enum?.includes(value));
  const added = is.enum.filter((value) => !was.enum?.includes(value));
  return [
    ...(lost.length ? [breaking(field, `no longer takes ${lost.join(', ')}`)] : []),
    ...(added.length ? [consumersFirst(field, `now also takes ${added.join(', ')}`)] : []),
  ];
}

/** Bounds, patterns, formats and any other rule: a tighter one breaks old events, a looser one old readers. */
function ruleChanges(was: Schema, is: Schema, field: string): Change[] {
  const words = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...words].flatMap((word) => {
    if (PROSE.has(word) || STRUCTURE.has(word)) return [];
    const [before, after] = [was[word], is[word]];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const what = `${word} was ${show(before)} and is now ${show(after)}`;
    return [isLooser(word, before, after) ? consumersFirst(field, what) : breaking(field, what)];
  });
}

function isLooser(word: string, before: unknown, after: unknown): boolean {
  if (after === undefined) return true;
  if (typeof before !== 'number' || typeof after !== 'number') return false;
  return (LOWER_BOUNDS.has(word) && after < before) || (UPPER_BOUNDS.has(word) && after > before);
}

const show = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value));
const breaking = (field: string, what: string): Change => ({ field, severity: 'breaking', what });
const consumersFirst = (field: string, what: string): Change => ({
  field,
  severity: 'consumers_first',
  what,
});

/** One line for people: what changed and how to mend it. */
export function sayChange(type: string, { field, severity, what }: Change): string {
  const subject = `${type}${field && ` · ${field}`}`;
  if (severity === 'consumers_first') {
    return `${subject} ${what}: bring the consumers up before the producer.`;
  }
  return `${subject} ${what}. Put it back, and tell the new shape as ${nextMajor(type)}: a new class beside this one.`;
}

/** `billing.ChargeCaptured.v1` → `billing.ChargeCaptured.v2`. */
export function nextMajor(type: string): string {
  return type.replace(/\.v(\d+)$/, (_, major: string) => `.v${Number(major) + 1}`);
}
