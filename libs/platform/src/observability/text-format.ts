import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';

const SHOWN_FIRST = new Set(['level', 'time', 'service', 'msg', 'context', 'stack', 'correlationId']);

/** Writes pino's JSON as one readable line: time, level, service, message, then the facts. */
export function textStream(out: Writable): DestinationStream {
  return { write: (line: string) => void out.write(`${readableLine(line)}\n`) };
}

export function readableLine(json: string): string {
  const entry = JSON.parse(json) as Record<string, unknown>;
  const time = String(entry.time).slice(11, 23);
  const facts = Object.entries(entry)
    .filter(([name, value]) => !SHOWN_FIRST.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = `${time} ${String(entry.level).toUpperCase().padEnd(5)} ${String(entry.service).padEnd(13)}`;
  const about = [entry.context && `[${String(entry.context)}]`, entry.msg, ...facts, correlation(entry)];
  const line = `${head} ${about.filter(Boolean).join(' ')}`;
  return typeof entry.stack === 'string' && entry.level !== 'info' ? `${line}\n${entry.stack}` : line;
}

function correlation(entry: Record<string, unknown>): string {
  return entry.correlationId ? `(${String(entry.correlationId).slice(-12)})` : '';
}
