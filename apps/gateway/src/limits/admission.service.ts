import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { openContext } from '@doorstep/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../identity/authenticator.service';
import type { Caller } from '../identity/caller';
import { loginKey, type Quota, rateLimitHeaders, RateLimits, TooManyRequests } from './rate-limits.service';

/** Who may come in, and how often. */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limits: RateLimits,
  ) {}

  /** The caller of a request, counted; 401 and 429 leave here. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const caller = await this.authenticate(request, reply);
    await this.count(reply, () => this.limits.take(caller.kind, caller.principal));
    const context = openContext();
    if (context && caller.actor) context.actor = caller.actor;
    return caller;
  }

  /** A try at a login: few per address, and few per login from all addresses together. */
  async admitLogin(request: FastifyRequest, reply: FastifyReply, login: string): Promise<void> {
    await this.count(reply, () => this.limits.take('login', request.ip));
    await this.count(reply, () => this.limits.take('login', loginKey(login)));
  }

  /** A refresh or logout: as anybody without credentials. */
  async admitAddress(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.count(reply, () => this.limits.take('address', request.ip));
  }

  /** Guessing credentials costs the address's quota. */
  private async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    try {
      return await this.authenticator.callerOf(request.headers, request.ip);
    } catch (error) {
      const guessed = error instanceof DomainError && error.kind === 'unauthenticated';
      if (guessed) await this.count(reply, () => this.limits.take('address', request.ip));
      throw error;
    }
  }

  private async count(reply: FastifyReply, take: () => Promise<Quota>): Promise<void> {
    try {
      void reply.headers(rateLimitHeaders(await take()));
    } catch (error) {
      if (error instanceof TooManyRequests) void reply.headers(rateLimitHeaders(error.quota));
      throw error;
    }
  }
}
