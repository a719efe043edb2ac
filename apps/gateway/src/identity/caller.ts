import { DomainError } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';

/** Who sent a request, as far as the gateway knows. */
export interface Caller {
  /** Undefined: no credentials came along. */
  actor?: Actor;
  /** Whose limits count: 'client', 'person' or, without credentials, 'address'. */
  kind: 'client' | 'person' | 'address';
  /** The client's or person's id, or the network address. */
  principal: string;
}

export type Credential = { kind: 'apiKey' | 'token'; value: string };

const API_KEY = /^dsk_[A-Za-z0-9_-]{1,200}$/;
const BEARER = /^Bearer +([^\s]+)$/i;
/** Longer ones are no credentials of anybody. */
const CREDENTIAL_LENGTH_MAX = 8192;

/** The credential of a request: x-api-key, or Authorization: Bearer with an API key or a token. */
export function credentialOf(headers: Record<string, string | string[] | undefined>): Credential | undefined {
  const key = headers['x-api-key'];
  const authorization = headers.authorization;
  if (key !== undefined && authorization !== undefined) throw unclear();
  if (key !== undefined) return apiKey(String(key));
  if (authorization === undefined) return undefined;
  const value = BEARER.exec(String(authorization))?.[1];
  if (!value || value.length > CREDENTIAL_LENGTH_MAX) throw notValid();
  return value.startsWith('dsk_') ? apiKey(value) : { kind: 'token', value };
}

function apiKey(value: string): Credential {
  if (!API_KEY.test(value)) throw notValid();
  return { kind: 'apiKey', value };
}

/** One answer for everything that is wrong with a credential, so that nothing can be learnt by trying. */
export function notValid(): DomainError {
  return new DomainError(
    'unauthenticated',
    'credential_not_valid',
    'The API key or access token is not valid.',
    {
      mend: 'Get a new access token (POST /v1/auth/token or /v1/auth/refresh), or ask for a new API key.',
    },
  );
}

function unclear(): DomainError {
  return new DomainError('malformed', 'credentials_unclear', 'Both x-api-key and Authorization came along.', {
    mend: 'Send one of them.',
  });
}
