import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import type { DomainEvent } from '@doorstep/contracts';
import './remembered-rules';

/* Checks of events, as their classes declare them for class-validator. */

type Storage = ReturnType<typeof getMetadataStorage>;
type Rules = ReturnType<Storage['getTargetValidationMetadatas']>;
type Rule = Rules[number];

/** Where an event breaks the contract that its class declares. */
export function breachesOf(event: DomainEvent): ValidationError[] {
  return keepsRules(event, '') ? [] : validateSync(event, { forbidUnknownValues: false });
}

/** Rules of one property. */
interface Checks {
  property: string;
  /** Unless all of these say yes, nothing else is asked. */
  conditions: ((object: object, value: unknown) => boolean)[];
  /** Says whether the value is right. */
  tests: ((object: object, value: unknown) => boolean)[];
  nested: Rule[];
}

const known = new WeakMap<object, Map<string, Checks[] | undefined>>();

/**
 * Whether all rules hold, asked of the very checks that class-validator would ask, without its notes on every property: an
 * event that keeps its contract is the rule, and that is a third of what it costs. Where the answer is no, or a class has
 * rules of a sort that is not known here, class-validator is asked, and says where.
 */
function keepsRules(object: object, schema: string): boolean {
  // What came as JSON may call anything its constructor.
  if (typeof object.constructor !== 'function') return false;
  const checks = checksOf(object.constructor, schema);
  return checks !== undefined && checks.every((each) => keeps(object, each));
}

function keeps(object: object, { property, conditions, tests, nested }: Checks): boolean {
  const value = (object as Record<string, unknown>)[property];
  for (const condition of conditions) if (!condition(object, value)) return true;
  for (const test of tests) if (!test(object, value)) return false;
  return value === undefined || nested.every((rule) => keepsNested(value, rule));
}

function keepsNested(value: unknown, rule: Rule): boolean {
  if (Array.isArray(value)) return value.every((each) => each !== undefined && keepsNested(each, rule));
  if (!(value instanceof Object) || value instanceof Set || value instanceof Map) return false;
  return keepsRules(value, typeof rule.target === 'string' ? rule.target : rule.target.name);
}

function checksOf(target: object, schema: string): Checks[] | undefined {
  const bySchema = known.get(target) ?? new Map<string, Checks[] | undefined>();
  if (!bySchema.has(schema)) known.set(target, bySchema.set(schema, gather(target, schema)));
  return bySchema.get(schema);
}

/** A class has its rules when it is defined, and gets no others. */
function gather(target: object, schema: string): Checks[] | undefined {
  const storage = getMetadataStorage();
  const rules = storage.getTargetValidationMetadatas(target as never, schema, false, false);
  const checks = Object.entries(storage.groupByPropertyName(rules)).map(([property, ofProperty]) => {
    const made: Checks = { property, conditions: [], tests: [], nested: [] };
    return ofProperty.every((rule) => take(storage, rule, made)) ? made : undefined;
  });
  return checks.every((each) => each !== undefined) ? checks : undefined;
}

/** @returns whether the rule is of a sort that is known */
function take(storage: Storage, rule: Rule, { conditions, tests, nested }: Checks): boolean {
  switch (rule.type) {
    case 'conditionalValidation':
      conditions.push(rule.constraints[0] as Checks['conditions'][number]);
      return true;
    case 'nestedValidation':
      nested.push(rule);
      return true;
    case 'whitelistValidation':
      return true;
    case 'customValidation': {
      const constraints = storage.getTargetValidatorConstraints(rule.constraintCls);
      if (rule.validateIf || constraints.some(({ async }) => async)) return false;
      tests.push(...constraints.map(({ instance }) => testOf(rule, instance)));
      return true;
    }
    default:
      return false;
  }
}

function testOf(
  { propertyName: property, constraints, each }: Rule,
  check: ReturnType<Storage['getTargetValidatorConstraints']>[number]['instance'],
): Checks['tests'][number] {
  return (object, value) => {
    const args = { targetName: object.constructor.name, property, object, value, constraints };
    const holds = (one: unknown): boolean => check.validate(one, args) === true;
    if (each && (value instanceof Set || value instanceof Map)) return false;
    return each && Array.isArray(value) ? value.every(holds) : holds(value);
  };
}
