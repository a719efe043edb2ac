import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access.decorator';

/** Longest that one part may take to answer before it counts as down. */
const CHECK_MS_MAX = 1500;
/** Probes of several kinds come at once; a part is asked at most this often. */
const CHECK_CACHE_MS = 500;

export interface HealthCheck {
  name: string;
  check: () => Promise<void>;
  /** Without a required part nothing can be served (503); without another one the service is degraded (200). */
  required: boolean;
}

/** The parts that a process depends on; each registers its own check. */
export class HealthChecks {
  private readonly checks: HealthCheck[] = [];

  add(check: HealthCheck): void {
    this.checks.push(check);
  }

  all(): readonly HealthCheck[] {
    return this.checks;
  }
}

type ErrorWithResponse = { getResponse?: () => unknown };

/** GET /health/live: the process turns; GET /health/ready: it can serve. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly checks: HealthChecks,
  ) {}

  @Get('live')
  @Public()
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const attempts = this.checks.all().map((part) => () => this.attempt(part));
    try {
      const found = await this.health.check(attempts);
      void reply.header('cache-control', 'no-store').send({ status: found.status, details: found.details });
    } catch (error) {
      const found = (error as ErrorWithResponse).getResponse?.() as { details?: unknown } | undefined;
      if (!found?.details) throw error;
      void reply
        .status(503)
        .header('cache-control', 'no-store')
        .send({ status: 'error', details: found.details });
    }
  }

  private async attempt({ name, check, required }: HealthCheck) {
    const session = this.indicator.check(name);
    const found = await session.attempt(check).withTimeout(CHECK_MS_MAX).cacheFor(CHECK_CACHE_MS);
    if (required || found[name].status !== 'down') return found;
    return session.degraded({ message: String(found[name].message ?? 'not reachable') });
  }
}
