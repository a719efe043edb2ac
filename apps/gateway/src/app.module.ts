import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PlatformModule } from '@doorstep/platform';
import type { FastifyInstance } from 'fastify';
import { AuthController } from './auth/auth.controller';
import { GatewayConfig } from './config';
import { ApiDocuments } from './documents/api-documents.service';
import { documentRoutes } from './documents/documents.routes';
import { Idempotency } from './idempotency/idempotency.service';
import { AccessTokens } from './identity/access-tokens.service';
import { ApiKeyStore } from './identity/api-keys.store';
import { Authenticator } from './identity/authenticator.service';
import { Keys } from './identity/keys.provider';
import { Oidc } from './identity/oidc.service';
import { OperatorsClient } from './identity/operators.client';
import { Sealer } from './identity/sealer.service';
import { Admission } from './limits/admission.service';
import { RateLimits } from './limits/rate-limits.service';
import { secure } from './security';
import { Proxy } from './upstream/proxy.service';
import { Upstreams } from './upstream/upstreams.client';

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
