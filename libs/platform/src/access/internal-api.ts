import type { Actor } from '../context/actor';

/**
 * What the gateway asks the operators service, signed as the system. The one place where two processes speak
 * directly: credentials can't travel as events.
 */
export const INTERNAL = {
  /** POST LoginRequest → Session; 401 when the credentials don't fit. */
  sessions: '/internal/sessions',
  /** POST RefreshRequest → Session; the token is spent. Using a spent one ends the whole family: 401. */
  refresh: '/internal/sessions/refresh',
  /** POST ApiKeyRequest → VerifiedClient; 401 when unknown or revoked. */
  apiKeys: '/internal/api-keys/verify',
  /** POST OidcRequest → ResolvedLogin; 401 when nobody has that login. */
  oidc: '/internal/oidc/resolve',
} as const;

export interface LoginRequest {
  login: string;
  password: string;
}

/** Also the body of DELETE /internal/sessions, which ends the family. */
export interface RefreshRequest {
  refreshToken: string;
}

export interface Session {
  actor: Actor;
  refreshToken: string;
}

export interface ApiKeyRequest {
  key: string;
}

export interface VerifiedClient {
  actor: Actor;
  clientId: string;
}

export interface OidcRequest {
  issuer: string;
  /** The mapped claim: what stands as the person's login with that issuer. */
  subject: string;
}

export interface ResolvedLogin {
  actor: Actor;
}
