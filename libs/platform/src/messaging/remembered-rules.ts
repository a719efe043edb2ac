import { getMetadataStorage } from 'class-validator';

type Storage = ReturnType<typeof getMetadataStorage>;
type Rules = ReturnType<Storage['getTargetValidationMetadatas']>;

const REMEMBERS = Symbol.for('doorstep:remembers-rules');

/**
 * class-validator searches the rules of all classes for those of one, for every object: a third of what an event costs to
 * check. A class has its rules when it is defined and gets no others, so what was found is kept with it.
 */
export function rememberRules(storage: Storage & { [REMEMBERS]?: true }): void {
  if (storage[REMEMBERS]) return;
  storage[REMEMBERS] = true;
  const search = storage.getTargetValidationMetadatas.bind(storage);
  const group = storage.groupByPropertyName.bind(storage);
  const rulesOf = new WeakMap<object, Map<string, Rules>>();
  const grouped = new WeakMap<Rules, ReturnType<typeof group>>();
  // The schema is the outer class's name where an object is inside of another.
  storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    // What came as JSON may call anything its constructor.
    const isPlain = typeof target === 'function' && !always && !strictGroups && !groups;
    if (!isPlain) return search(target, schema, always, strictGroups, groups);
    const bySchema = rulesOf.get(target) ?? new Map<string, Rules>();
    const known = bySchema.get(schema) ?? search(target, schema, always, strictGroups, groups);
    rulesOf.set(target, bySchema.set(schema, known));
    return known;
  };
  storage.groupByPropertyName = (rules) => {
    const known = grouped.get(rules) ?? group(rules);
    grouped.set(rules, known);
    return known;
  };
}

rememberRules(getMetadataStorage());
