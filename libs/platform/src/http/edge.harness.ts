import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { signIdentity } from '../access/identity';
import { type RunningService, startService } from '../bootstrap/start-service';
import { loadConfig } from '../config/env';
import { HttpConfig } from '../config/service-config';
import type { Actor, Role } from '../context/actor';
import { PlatformModule } from '../platform.module';

/** A process with the platform's edge alone: HTTP, access, Redis; no database. */

export const EDGE_KEYS = generateKeyPairSync('ed25519');

@Module({})
class EdgeModule {}

function moduleOf(config: HttpConfig, controllers: Type[], providers: Type[]): DynamicModule {
  const identityPublicKey = EDGE_KEYS.publicKey;
  return {
    module: EdgeModule,
    imports: [PlatformModule.forEdge({ name: 'edge', config, identityPublicKey })],
    controllers,
    providers,
  };
}

export function stackRedisUrl(): string {
  const stack = JSON.parse(process.env.DOORSTEP_TEST_STACK ?? '{}') as { redisUrl: string };
  return stack.redisUrl;
}

export function startEdge(
  controllers: Type[],
  env: Record<string, string> = {},
  providers: Type[] = [],
): Promise<RunningService> {
  const base = { REDIS_URL: stackRedisUrl(), REDIS_PREFIX: `${randomUUID()}:`, LOG_LEVEL: 'silent' };
  const config = loadConfig(HttpConfig, { ...base, ...env });
  return startService({
    name: 'edge',
    config,
    module: moduleOf(config, controllers, providers),
    signals: false,
  });
}

export function anActor(role: Role, changes: Partial<Actor> = {}): Actor {
  const id = randomUUID();
  const tenant = { organisationId: null, operatorId: null, regionPrefix: null };
  return { id, kind: 'person', ...tenant, roles: [role], ...changes };
}

export function identityOf(actor: Actor, requestId?: string): Promise<string> {
  return signIdentity(actor, EDGE_KEYS.privateKey, { requestId });
}
