import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PlatformModule } from '@doorstep/platform';
import type { FastifyInstance } from 'fastify';
import { AuthController } from './auth/auth.controller';
import { GatewayConfig } from './config';
import { ApiDocuments } from './documents/api-document';
import { documentRoutes } from './documents/routes';
import { Idempotency } from './idempotency/idempotency';
import { AccessTokens } from './identity/access-tokens';
import { ApiKeyStore } from './identity/api-key-store';
import { Authenticator } from './identity/authenticator';
import { Keys } from './identity/keys';
import { Oidc } from './identity/oidc';
import { OperatorsClient } from './identity/operators-client';
import { Sealer } from './identity/sealer';
import { Admission } from './limits/admission';
import { RateLimits } from './limits/rate-limits';
import { secure } from './security';
import { Proxy } from './upstream/proxy';
import { Upstreams } from './upstream/upstreams';

/** The only public door. It knows who calls and how often they may; what a request means is the services' business. */
@Module({})
export class AppModule implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost,
    private readonly config: GatewayConfig,
    private readonly proxy: Proxy,
    private readonly documents: ApiDocuments,
  ) {}

  static with(config: GatewayConfig): DynamicModule {
    const keys = new Keys(config);
    return {
      module: AppModule,
      imports: [PlatformModule.forEdge({ name: 'gateway', config, identityPublicKey: keys.identityPublic })],
      controllers: [AuthController],
      providers: [
        { provide: Keys, useValue: keys },
        Upstreams,
        OperatorsClient,
        AccessTokens,
        Oidc,
        Sealer,
        ApiKeyStore,
        Authenticator,
        RateLimits,
        Admission,
        Idempotency,
        Proxy,
        ApiDocuments,
      ],
    };
  }

  onModuleInit(): void {
    const server = this.http.httpAdapter.getInstance<FastifyInstance>();
    secure(server, this.config.corsOrigins);
    documentRoutes(server, this.documents);
    this.proxy.register(server);
  }
}
