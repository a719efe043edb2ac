import { getMetadataStorage } from 'class-validator';

type Storage = ReturnType<typeof getMetadataStorage>;
type Rules = ReturnType<Storage['getTargetValidationMetadatas']>;

/**
 * For each object that it checks, class-validator goes through every class that has rules, to find those that the object
 * inherits from: with some hundred of them that is most of a check. What rules a class has is settled once its decorators
 * have run, so here they are looked up once, for the whole process.
 */
export function rememberRules(storage: Storage = getMetadataStorage()): void {
  const { getTargetValidationMetadatas: lookUp, groupByPropertyName: group } = storage;
  const known = new Map<unknown, Rules>();
  const grouped = new WeakMap<Rules, ReturnType<typeof group>>();
  storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    const isPlain = !schema && !always && !strictGroups && !groups;
    const found = isPlain ? known.get(target) : undefined;
    if (found) return found;
    const rules = lookUp.call(storage, target, schema, always, strictGroups, groups);
    if (isPlain) known.set(target, rules);
    return rules;
  };
  storage.groupByPropertyName = (rules) => {
    const found = grouped.get(rules) ?? group.call(storage, rules);
    grouped.set(rules, found);
    return found;
  };
}

rememberRules();
