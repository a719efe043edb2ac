import 'reflect-metadata';
import type { Server as HttpServer } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessGuard } from '../access/access.guard';
import { assertEveryOperationIsMarked } from '../access/marked';
import { ConfigError } from '../config/env';
import type { HttpConfig } from '../config/service-config';
import { isOutage } from '../database';
import { describeApi, OwnApi } from '../http/openapi';
import { ProblemFilter } from '../http/problem.filter';
import { createServer } from '../http/server';
import { validationPipe } from '../http/validation';
import { EventSpans } from '../observability/event-spans';
import { observeRequests } from '../observability/http-observer';
import { connectMessaging } from '../messaging';
import { AppLogger } from '../observability/logger';
import { Metrics } from '../observability/metrics';
import { Tracing } from '../observability/tracing';
import { bounded, stopOnSignals } from './shutdown';

export interface StartOptions {
  /** The service's name. */
  name: string;
  config: HttpConfig;
  module: DynamicModule;
  /** Default true: SIGTERM and SIGINT stop the service and end the process. */
  signals?: boolean;
}

/** A service that answers HTTP and consumes events. */
export interface RunningService {
  app: NestFastifyApplication;
  /** Base address, e.g. http://127.0.0.1:43121. */
  url: string;
  /** Graceful: no new requests, requests and batches in hand finish, then connections close. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a service: HTTP, consumers, relay, sweepers. */
export async function startService(options: StartOptions): Promise<RunningService> {
  const { name, config, module } = options;
  const { bodyBytesMax, trustedProxies } = config;
  const logger = new AppLogger({ service: name, level: config.logLevel, format: config.logFormat });
  const { adapter, routes } = createServer({ logger, bodyBytesMax, trustedProxies });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  try {
    assertEveryOperationIsMarked(app);
    observeRequests(adapter.getInstance(), app.get(Metrics), app.get(Tracing), logger);
    app.useGlobalGuards(app.get(AccessGuard));
    app.useGlobalPipes(validationPipe());
    app.useGlobalFilters(new ProblemFilter(logger, routes));
    serveDocuments(app, name);
    const tracing = app.get(Tracing);
    connectMessaging(app, tracing.isOn ? [new EventSpans(tracing)] : []);
    await app.init();
    await app.startAllMicroservices();
    await app.listen(config.port, config.host);
  } catch (error) {
    await app
      .close()
      .catch((late: unknown) => logger.failure('could not clean up after a failed start', late));
    throw error;
  }
  return runningService(app, options, logger);
}

async function runningService(
  app: NestFastifyApplication,
  { config, signals = true }: StartOptions,
  logger: AppLogger,
): Promise<RunningService> {
  const url = await app.getUrl();
  let stopped: Promise<void> | undefined;
  let forget = (): void => undefined;
  const stop = (): Promise<void> =>
    (stopped ??= bounded(closeApp(app, config), config.stopSecondsMax, logger).finally(forget));
  const service: RunningService = { app, url, stop };
  if (signals) forget = stopOnSignals(service);
  logger.say('listening', { url });
  return service;
}

/** Requests in hand get two thirds of the bound to finish; then their connections are cut, so that the rest can close. */
async function closeApp(app: NestFastifyApplication, { stopSecondsMax }: HttpConfig): Promise<void> {
  const server = app.getHttpServer() as HttpServer;
  // A connection kept alive would hold the server open after its last answer.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.closeAllConnections(), (stopSecondsMax * 1000 * 2) / 3);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}

/** GET /openapi.json and GET /metrics, outside of the documented API. */
function serveDocuments(app: NestFastifyApplication, name: string): void {
  const server = app.getHttpAdapter().getInstance();
  const api = app.get(OwnApi);
  api.describedBy(() => describeApi(app, name));
  server.get('/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(api.read())),
  );
  const { registry } = app.get(Metrics);
  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics()),
  );
}

/**
 * The whole of a main.ts: `void runMain(() => { const config = loadConfig(…); return startService({ … }); })`.
 * What keeps a service from starting is told in plain words, without a stack where it is the environment's fault.
 */
export async function runMain(start: () => Promise<RunningService>): Promise<void> {
  try {
    await start();
  } catch (error) {
    console.error(plainReason(error) ?? error);
    process.exit(1);
  }
}

/** What the person at the terminal can mend; undefined when it is a defect, which keeps its stack. */
function plainReason(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
  const { code, address, port, message } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${address} is taken: set PORT to a free one, or 0 for any.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be opened: set PORT to one above 1023.`;
  return isOutage(error) ? `The database cannot be reached (${message}): check DATABASE_URL.` : undefined;
}
