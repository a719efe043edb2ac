import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger as Pino } from 'pino';
import { type OpenContext, openContext } from '../context/context';
import { textStream } from './text-format';

type Fields = Record<string, unknown>;

/**
 * Fields that could carry personal data or secrets; they never reach a log line, at any of the first depths.
 * Bodies are never logged at all, so this is the second line of defence.
 */
const NEVER_LOGGED = [
  'password',
  'oneTimePassword',
  'current',
  'next',
  'key',
  'secret',
  'accessToken',
  'refreshToken',
  'token',
  'authorization',
  'cookie',
  'idNumber',
  'mobile',
  'birthDate',
  'email',
  'phone',
  'address',
  'contact',
  'body',
  'parameters',
  'residentName',
];

const HIDDEN_PATHS = NEVER_LOGGED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

export interface LogOptions {
  service: string;
  level: string;
  /** Default: text when stdout is a terminal, else json. */
  format?: string;
  destination?: DestinationStream;
}

/** Nest's logger over pino: one JSON object a line with the correlation id, or one readable line on a terminal. */
export class AppLogger implements LoggerService {
  private readonly pino: Pino;

  constructor({ service, level, format, destination }: LogOptions) {
    const readable = (format ?? (process.stdout.isTTY ? 'text' : 'json')) === 'text';
    const stream = destination ?? (readable ? textStream(process.stdout) : pino.destination({ sync: false }));
    this.pino = pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: HIDDEN_PATHS, censor: '[hidden]' },
        mixin: correlation,
      },
      stream,
    );
  }

  /** One line with facts: logger.say('relay started', { shard: 3 }). */
  say(message: string, fields: Fields = {}): void {
    this.pino.info(fields, message);
  }

  /** An error that nobody handles further up. Database parameters and bodies are left out. */
  failure(message: string, error: unknown, fields: Fields = {}): void {
    this.pino.error({ ...fields, ...factsOf(error) }, message);
  }

  /** One answered request, at debug level; the actor's id only, never an address with its query. */
  answered(facts: Fields, context: OpenContext | undefined): void {
    if (!this.pino.isLevelEnabled('debug')) return;
    this.pino.debug(
      { ...facts, correlationId: context?.correlationId, actorId: context?.actor?.id },
      'answered',
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest passes the context's name last, an error's stack before it, and facts as objects. */
  private write(level: pino.Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((part): part is string => typeof part === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const fields = Object.assign(
      {},
      ...rest.filter((part) => typeof part === 'object' && part !== null && !(part instanceof Error)),
    );
    const error = [message, ...rest].find((part) => part instanceof Error);
    const facts = {
      ...fields,
      ...(context && { context }),
      ...(stack && { stack }),
      ...(error ? factsOf(error) : {}),
    };
    if (typeof message === 'string') this.pino[level](facts, message);
    else if (message instanceof Error) this.pino[level](facts, message.message);
    else this.pino[level]({ ...facts, ...(message as Fields) });
  }
}

function correlation(): Fields {
  const context = openContext();
  if (!context) return {};
  return { correlationId: context.correlationId, ...(context.actor && { actorId: context.actor.id }) };
}

/** What of an error may be logged: never a query's parameters, a constraint's detail (it quotes values) or a body. */
function factsOf(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: String(error) };
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    error: error.message,
    errorName: error.name,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    ...(table !== undefined && { table }),
    stack: error.stack,
  };
}
