import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@doorstep/kernel';
import type { Actor } from '../context/actor';
import { noIdentity, openContext, type Operation } from '../context/context';
import { ACCESS, PUBLIC } from './access.decorator';
import { IDENTITY_HEADER, verifyIdentity } from './identity';
import { IdentityKey } from './identity-key';
import { mayDo, outOfScope, type Permission } from './permissions';

interface IncomingRequest {
  headers: Record<string, string | string[] | undefined>;
  method: string;
  params?: object;
  body?: unknown;
  routeOptions?: { url?: string };
}

/** Verifies who acts, makes them the current actor, and asks the permission table. Without a mark: closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identityKey: IdentityKey,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    if (execution.getType() !== 'http') return true;
    const targets = [execution.getHandler(), execution.getClass()];
    const request = execution.switchToHttp().getRequest<IncomingRequest>();
    const token = request.headers[IDENTITY_HEADER];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets)) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(ACCESS, targets);
    if (!permission) throw unmarked(execution);
    if (typeof token !== 'string' || token === '') throw noIdentity();
    const actor = await verifyIdentity(token, this.identityKey.publicKey);
    const context = openContext();
    if (context) context.actor = actor;
    if (!mayDo(actor, permission))
      throw outOfScope(actor, permission) ? scopeLeft(actor, permission) : notAllowed(permission);
    if (context && actor.kind !== 'system' && !READING.has(request.method)) {
      context.operation = operationOf(request, permission);
    }
    return true;
  }
}

/** As many as anybody reads. */
const FIELDS_MAX = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

function operationOf({ method, params, body, routeOptions }: IncomingRequest, action: string): Operation {
  const named = Object.values(params ?? {}).map(String);
  // A day or a purpose behind an id says what of it is changed.
  const entity = named.findLast((each) => UUID.test(each)) ?? named.at(-1);
  // A file is one thing without fields of its own.
  const isFields = body !== null && typeof body === 'object' && !Buffer.isBuffer(body) && !('pipe' in body);
  return {
    action,
    route: `${method} ${routeOptions?.url ?? ''}`.trim(),
    ...(entity !== undefined && { entity }),
    fields: isFields ? Object.keys(body).slice(0, FIELDS_MAX) : [],
  };
}

function unmarked(execution: ExecutionContext): Error {
  return new Error(
    `${execution.getClass().name}.${execution.getHandler().name} has neither @Access nor @Public.`,
  );
}

/** 403: known, but not allowed. The permission is named so that an owner knows what to grant. */
export function notAllowed(permission: string): DomainError {
  return new DomainError('forbidden', 'not_allowed', `Your roles don't allow ${permission}.`, {
    mend: "Ask your organisation's owner for a role that does; docs/ACCESS.md lists them.",
    permission,
  });
}

/** 403: the roles would do. Only a one-time password narrows what a person may; API clients are narrowed by their key. */
function scopeLeft({ kind }: Actor, permission: Permission): DomainError {
  if (kind === 'person') {
    const said = 'A one-time password opens nothing but the setting of one of your own.';
    return new DomainError('forbidden', 'password_must_change', said, {
      mend: 'Set it with POST /v1/people/me/password (current, next), then log in with it.',
      permission,
    });
  }
  return new DomainError('forbidden', 'not_allowed', `The scopes of this API key leave out ${permission}.`, {
    mend: 'Ask the owner who issued it for a key whose scopes name it (POST /v1/api-clients).',
    permission,
  });
}
