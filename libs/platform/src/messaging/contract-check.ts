import { plainToInstance } from 'class-transformer';
import {
  getMetadataStorage,
  type ValidationArguments,
  type ValidationError,
  validateSync,
} from 'class-validator';
import type { DomainEvent, EventClass } from '@doorstep/contracts';
import './remembered-rules';

/* Events as their classes declare them for class-validator, and without its notes on every property where nothing is wrong. */

type Storage = ReturnType<typeof getMetadataStorage>;
type Rule = ReturnType<Storage['getTargetValidationMetadatas']>[number];
type Check = ReturnType<Storage['getTargetValidatorConstraints']>[number]['instance'];
type Asked = ValidationArguments;

/** Rules of one property. */
interface Checks {
  property: string;
  /** Unless all of these say yes, nothing else is asked. */
  conditions: ((object: object, value: unknown) => boolean)[];
  tests: { rule: Rule; check: Check }[];
  nested: Rule[];
}

/** Where an event breaks the contract that its class declares. */
export function breachesOf(event: DomainEvent): ValidationError[] {
  return keepsRules(event, '') ? [] : validateSync(event, { forbidUnknownValues: false });
}

/**
 * Data as an event of its class, not checked yet. Only what has objects of other classes in it has to be gone through.
 *
 * @throws what the transformer stumbles over, such as a field named `constructor` in an inner object
 */
export function instanceOf(contract: EventClass, json: object): DomainEvent {
  const isFlat = checksOf(contract, '')?.every(({ nested }) => nested.length === 0);
  if (isFlat && !Object.hasOwn(json, '__proto__') && !Object.hasOwn(json, 'constructor'))
    return Object.assign(new contract(), json);
  // No contract renames or hides a field, so nobody need look for it in each.
  return plainToInstance(contract, json, { ignoreDecorators: true });
}

const known = new WeakMap<object, Map<string, Checks[] | undefined>>();

/**
 * Whether all rules hold, asked of the very checks that class-validator would ask: an event that keeps its contract is the
 * rule. Where the answer is no, or a class has rules of a sort that is not known here, class-validator is asked, and says where.
 */
function keepsRules(object: object, schema: string): boolean {
  // What came as JSON may call anything its constructor.
  if (typeof object.constructor !== 'function') return false;
  const asked = {
    targetName: object.constructor.name,
    object,
    property: '',
    value: undefined,
    constraints: [],
  };
  return checksOf(object.constructor, schema)?.every((each) => keeps(asked, each)) ?? false;
}

/** @param asked what checks are told beside the value: one for all of an event's, as each has answered before the next is asked */
function keeps(asked: Asked, { property, conditions, tests, nested }: Checks): boolean {
  const value = (asked.object as Record<string, unknown>)[property];
  for (const condition of conditions) if (!condition(asked.object, value)) return true;
  asked.property = property;
  asked.value = value;
  for (const { rule, check } of tests) {
    asked.constraints = rule.constraints ?? [];
    if (!passes(value, asked, rule, check)) return false;
  }
  return value === undefined || nested.every((rule) => keepsNested(value, rule));
}

function passes(value: unknown, asked: Asked, { each }: Rule, check: Check): boolean {
  if (!each) return check.validate(value, asked) === true;
  return Array.isArray(value) && value.every((one) => check.validate(one, asked) === true);
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
      tests.push(...constraints.map(({ instance }) => ({ rule, check: instance })));
      return true;
    }
    default:
      return false;
  }
}
