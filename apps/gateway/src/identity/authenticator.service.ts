import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import {
  type Actor,
  type ApiKeyRequest,
  AppLogger,
  INTERNAL,
  ProblemError,
  Revocations,
  type VerifiedClient,
} from '@doorstep/platform';
import { GatewayConfig } from '../config';
import { AccessTokens, type VerifiedToken } from './access-tokens.service';
import { ApiKeyStore } from './api-keys.store';
import { type Caller, type Credential, credentialOf, notValid } from './caller';
import { CredentialCache, credentialHash } from './credential-cache';
import { Oidc } from './oidc.service';
import { OperatorsClient } from './operators.client';

/** Finds out who sends a request. */
@Injectable()
export class Authenticator implements OnModuleInit {
  private readonly cache: CredentialCache;
  /** Verifications under way, so that a burst with one credential asks once. */
  private readonly pending = new Map<string, Promise<Actor>>();

  constructor(
    config: GatewayConfig,
    private readonly tokens: AccessTokens,
    private readonly oidc: Oidc,
    private readonly operators: OperatorsClient,
    private readonly revocations: Revocations,
    private readonly keys: ApiKeyStore,
    private readonly logger: AppLogger,
  ) {
    this.cache = new CredentialCache(config.credentialCacheSeconds * 1000);
  }

  onModuleInit(): void {
    const forget = (actorId: string): void => {
      this.cache.forget(actorId);
      void this.keys.forget(actorId);
    };
    this.revocations.onRevoked(forget).catch((error: unknown) => {
      this.logger.failure('revocations are not heard: caches run out in seconds', error);
    });
  }

  /** The caller of a request; throws 401 for a credential that isn't valid, passes for none at all. */
  async callerOf(headers: Record<string, string | string[] | undefined>, address: string): Promise<Caller> {
    const credential = credentialOf(headers);
    if (!credential) return { kind: 'address', principal: address };
    const hash = credentialHash(credential.value);
    const actor = this.cache.get(hash, Date.now()) ?? (await this.verifyOnce(credential, hash));
    return { actor, kind: actor.kind === 'client' ? 'client' : 'person', principal: actor.id };
  }

  private verifyOnce(credential: Credential, hash: string): Promise<Actor> {
    let pending = this.pending.get(hash);
    if (!pending) {
      pending = this.verify(credential, hash).finally(() => this.pending.delete(hash));
      this.pending.set(hash, pending);
    }
    return pending;
  }

  private async verify(credential: Credential, hash: string): Promise<Actor> {
    const { actor, expiresAtMs } =
      credential.kind === 'apiKey'
        ? await this.verifyKey(credential.value, hash)
        : await this.verifyToken(credential.value);
    // Nobody outside is the system, whatever a token or an answer says.
    if (actor.kind === 'system') throw notValid();
    this.cache.put(hash, actor, Date.now(), expiresAtMs);
    return actor;
  }

  private async verifyToken(token: string): Promise<VerifiedToken> {
    const verified = this.oidc.claims(token)
      ? await this.oidc.verify(token)
      : await this.tokens.verify(token);
    if (await this.revocations.isRevoked(verified.actor.id)) throw notValid();
    return verified;
  }

  private async verifyKey(key: string, hash: string): Promise<VerifiedToken> {
    const stored = await this.keys.find(hash);
    if (stored) return { actor: stored, expiresAtMs: Infinity };
    const request: ApiKeyRequest = { key };
    const { actor } = await this.operators
      .post<VerifiedClient>(INTERNAL.apiKeys, request)
      .catch(refusedAsNotValid);
    await this.keys.keep(hash, actor);
    return { actor, expiresAtMs: Infinity };
  }
}

/** 401, 403 and 404 of the operators service all mean: not a valid key. Anything else is its trouble, and is told. */
function refusedAsNotValid(error: unknown): never {
  const status = error instanceof ProblemError ? error.problem.status : 500;
  if (status < 500 && status !== 429) throw notValid();
  throw error instanceof ProblemError && status === 500
    ? new DomainError('unavailable', 'keys_unavailable', 'API keys cannot be verified at the moment.', {
        mend: 'Try again in a moment.',
      })
    : error;
}
