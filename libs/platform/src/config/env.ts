import 'reflect-metadata';
import { validateSync } from 'class-validator';

/** How one field of a config class is read from the environment. */
export interface EnvOptions {
  /** May be left out even though the field has no default. */
  optional?: boolean;
  /** Never shown: not in logs, not in the generated table's example. */
  secret?: boolean;
}

/** One environment variable of a service, for the docs and for the test of docker-compose.yml. */
export interface EnvName {
  name: string;
  field: string;
  required: boolean;
  description: string;
  secret: boolean;
  /** The default as it would be written in the environment; undefined when there is none. */
  fallback?: string;
}

type EnvType = 'string' | 'number' | 'boolean' | 'list';
interface EnvField extends EnvOptions {
  name: string;
  field: string;
  description: string;
  type: EnvType;
}

const FIELDS = Symbol('doorstep:env');

/** Binds a field of a config class to an environment variable and says what it is for. */
export function Env(name: string, description: string, options: EnvOptions = {}): PropertyDecorator {
  return (target, property) => {
    const field = String(property);
    const type = typeOf(Reflect.getMetadata('design:type', target, property));
    const inherited = fieldsOf(target).filter((known) => known.field !== field);
    Reflect.defineMetadata(FIELDS, [...inherited, { ...options, name, field, description, type }], target);
  };
}

/** Everything wrong with the environment at once, so that one start shows the whole list. */
export class ConfigError extends Error {
  constructor(
    readonly service: string,
    readonly faults: string[],
  ) {
    const list = faults.map((fault) => `  - ${fault}`).join('\n');
    super(`${service} can't start: ${faults.length} setting(s) in the environment need mending\n${list}`);
    this.name = 'ConfigError';
  }
}

/** Reads and validates a config class from the environment; throws one ConfigError that lists every fault. */
export function loadConfig<C extends object>(
  Config: new () => C,
  env: Record<string, string | undefined> = process.env,
): C {
  const config = new Config();
  const fields = fieldsOf(Config.prototype);
  const values = config as Record<string, unknown>;
  const faults: string[] = [];
  for (const field of fields) {
    const raw = env[field.name]?.trim();
    if (raw) {
      const value = parse(raw, field.type);
      if (value === undefined) faults.push(`${field.name} must be a ${field.type}: ${field.description}`);
      else values[field.field] = value;
    } else if (values[field.field] === undefined && !field.optional) {
      faults.push(`${field.name} is missing: ${field.description}`);
    }
  }
  faults.push(...brokenRules(config, fields, faults));
  if (faults.length > 0) throw new ConfigError(Config.name, faults);
  return config;
}

/** The environment variables that a config class reads. */
export function envNamesOf(Config: new () => object): EnvName[] {
  const defaults = new Config() as Record<string, unknown>;
  return fieldsOf(Config.prototype).map(({ name, field, description, secret, optional }) => ({
    name,
    field,
    description,
    secret: secret ?? false,
    required: defaults[field] === undefined && !optional,
    ...(defaults[field] === undefined ? {} : { fallback: String(defaults[field]) }),
  }));
}

function brokenRules(config: object, fields: EnvField[], known: string[]): string[] {
  const errors = validateSync(config, { forbidUnknownValues: false, skipMissingProperties: true });
  return errors.flatMap((error) => {
    const field = fields.find((candidate) => candidate.field === error.property);
    const name = field?.name ?? error.property;
    if (known.some((fault) => fault.startsWith(`${name} `))) return [];
    const rules = Object.values(error.constraints ?? {}).map((rule) => rule.replace(error.property, name));
    return rules.map((rule) => (field ? `${rule}: ${field.description}` : rule));
  });
}

function fieldsOf(prototype: object): EnvField[] {
  return (Reflect.getMetadata(FIELDS, prototype) as EnvField[] | undefined) ?? [];
}

function typeOf(designType: unknown): EnvType {
  if (designType === Number) return 'number';
  if (designType === Boolean) return 'boolean';
  return designType === Array ? 'list' : 'string';
}

function parse(raw: string, type: EnvType): unknown {
  if (type === 'number') return Number.isFinite(Number(raw)) ? Number(raw) : undefined;
  if (type === 'boolean') return { true: true, '1': true, false: false, '0': false }[raw.toLowerCase()];
  if (type === 'string') return raw;
  return raw
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
