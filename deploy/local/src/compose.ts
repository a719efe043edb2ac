import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WORKSPACE } from './workspace';

/** What the checks and the docs read of one container. */
export interface ComposeService {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  ports?: string[];
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

/** docker-compose.yml with its merges resolved and its variables still in place. */
export function readCompose(): ComposeFile {
  return parse(readFileSync(join(WORKSPACE, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile;
}

export interface Variable {
  name: string;
  /** `${NAME:?…}`: composing stops without it. */
  required: boolean;
  fallback?: string;
}

const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)(?::([?-])([^}]*))?\}/g;

/** The variables that a text takes from .env. */
export function variablesIn(text: string): Variable[] {
  return [...text.matchAll(VARIABLE)].map(([, name, kind, rest]) => ({
    name: name as string,
    required: kind === '?',
    ...(kind === '-' ? { fallback: rest } : {}),
  }));
}

/** As `docker compose` would: values from `env`, else the fallback; a missing required one throws. */
export function interpolate(text: string, env: Record<string, string>): string {
  return text.replace(VARIABLE, (_, name: string, kind: string | undefined, rest: string) => {
    const value = env[name];
    if (value) return value;
    if (kind === '-') return rest;
    throw new Error(`${name} is missing: ${rest}`);
  });
}
