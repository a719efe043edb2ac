import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpConfig } from '../config/service-config';
import { AccessGuard } from '../access/access.guard';
import { BODY_BYTES_MAX, measureRequests, openContextPerRequest, requestIdOf } from '../http/fastify';
import { describeApi } from '../http/openapi';
import { ProblemFilter } from '../http/problem.filter';
import { validationPipe } from '../http/validation';
import { AppLogger } from '../observability/logger';
import { Metrics } from '../observability/metrics';

export interface StartOptions<C extends HttpConfig = HttpConfig> {
  name: string;
  config: C;
  module: DynamicModule;
}

/** A service that answers HTTP and consumes events. */
export interface RunningService {
  app: NestFastifyApplication;
  /** Base address, e.g. http://127.0.0.1:43121. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a service; main.ts is loadConfig and this. */
export async function startService(options: StartOptions): Promise<RunningService> {
  const { name, config, module } = options;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdOf(request.headers),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get(AppLogger);
  app.useLogger(logger);
  configureHttp(app, logger);
  await app.init();
  const document = describeApi(app, name);
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', () => document);
  await app.listen(config.port, config.host);
  const url = await app.getUrl();
  logger.say('listening', { url });
  return { app, url, stop: () => app.close() };
}

/** The same edge in every service: context, metrics, guard, validation, problem documents. */
function configureHttp(app: NestFastifyApplication, logger: AppLogger): void {
  const server = app.getHttpAdapter().getInstance();
  openContextPerRequest(server);
  measureRequests(server, app.get(Metrics));
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
}
