import { Controller, Get, Param } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import request from 'supertest';
import { Public } from '../access/access.decorator';
import type { RunningService } from '../bootstrap/start-service';
import { startEdge } from './edge.harness';

@Controller('v1/things')
@Public()
class RefusalsController {
  @Get('refused')
  refused(): never {
    throw new DomainError('conflict', 'session_full', 'The sitting is full.', {
      mend: 'Take another.',
      bookingId: 'b',
    });
  }

  @Get('broken')
  broken(): never {
    throw new TypeError('secret detail');
  }

  @Get('postgres/:state')
  postgres(@Param('state') state: string): never {
    throw Object.assign(new Error('detail with values'), {
      driverError: { code: state, constraint: 'one_per_day' },
    });
  }
}

describe('what is thrown becomes a problem document', () => {
  let service: RunningService;
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    service = await startEdge([RefusalsController]);
    http = request(service.url);
  });
  afterAll(() => service.stop());

  it('gives a refusal its status, reason, mend and facts', async () => {
    const answer = await http.get('/v1/things/refused');
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'session_full',
      detail: 'The sitting is full.',
      mend: 'Take another.',
      details: { bookingId: 'b' },
    });
  });

  it('tells nothing of its own mistakes', async () => {
    const answer = await http.get('/v1/things/broken');
    expect([answer.status, answer.body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it.each([
    ['23505', 409],
    ['23P01', 409],
    ['23503', 409],
    ['23514', 422],
    ['22P02', 400],
    ['22003', 422],
    ['40001', 503],
    ['57014', 503],
    ['08006', 503],
    ['53300', 503],
    ['42P01', 500],
  ])('turns Postgres state %s into %i', async (state, status) => {
    const answer = await http.get(`/v1/things/postgres/${state}`);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain('detail with values');
    if (status === 503) expect(answer.headers['retry-after']).toBe('1');
  });
});
