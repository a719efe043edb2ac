import { Injectable } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import { type Actor, actorOf, claimsOf } from '@doorstep/platform';
import { jwtVerify, SignJWT } from 'jose';
import { GatewayConfig } from '../config';
import { notValid } from './caller';
import { Keys } from './keys.provider';

export const ACCESS_ISSUER = 'doorstep';
const AUDIENCE = 'doorstep-api';

export interface VerifiedToken {
  actor: Actor;
  expiresAtMs: number;
}

/** Access tokens of local accounts: EdDSA, a few minutes, verified here and nowhere else. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: Keys,
    private readonly config: GatewayConfig,
  ) {}

  sign(actor: Actor): Promise<string> {
    return new SignJWT(claimsOf(actor))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .setSubject(actor.id)
      .setIssuer(ACCESS_ISSUER)
      .setAudience(AUDIENCE)
      .setJti(newId())
      .setIssuedAt()
      .setExpirationTime(`${this.config.accessTokenSeconds}s`)
      .sign(this.keys.access);
  }

  async verify(token: string): Promise<VerifiedToken> {
    try {
      const { payload } = await jwtVerify(token, this.keys.accessPublic, {
        algorithms: ['EdDSA'],
        issuer: ACCESS_ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'exp'],
      });
      return { actor: actorOf(payload), expiresAtMs: Number(payload.exp) * 1000 };
    } catch {
      throw notValid();
    }
  }
}
