import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsInt } from 'class-validator';
import request from 'supertest';
import { Public } from '../access/access.decorator';
import type { RunningService } from '../bootstrap/start-service';
import { openContext } from '../context/context';
import { startEdge } from './edge.harness';

class ThingDto {
  @ApiProperty({ description: 'How many.', type: 'integer' })
  @IsInt()
  count: number;

  @ApiProperty({ description: 'When.', type: [String] })
  @IsArray()
  schedule: string[];
}

@Controller('v1/things')
@Public()
class ContextController {
  @Get('context')
  async context(): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    return openContext();
  }

  @Post('context')
  @HttpCode(200)
  contextAfterBody(@Body() _body: ThingDto): unknown {
    return openContext();
  }
}

describe("a request's context", () => {
  let service: RunningService;
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    service = await startEdge([ContextController]);
    http = request(service.url);
  });
  afterAll(() => service.stop());

  it('knows correlation, trace, patience and idempotency key, before and after the body', async () => {
    const headers = {
      'x-request-id': 'story-0001',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      prefer: 'respond-async, wait=120',
      'idempotency-key': 'k-1',
    };
    const known = { correlationId: 'story-0001', traceparent: headers.traceparent, wait: 30 };
    expect((await http.get('/v1/things/context').set(headers)).body).toEqual(known);
    const body = { count: 1, schedule: [] };
    const first = await http.post('/v1/things/context').set(headers).send(body);
    expect(first.body).toEqual({
      ...known,
      idempotencyKey: 'k-1',
      requestHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const turned = await http.post('/v1/things/context').set(headers).send({ schedule: [], count: 1 });
    expect(turned.body.requestHash).toBe(first.body.requestHash);
    const other = await http.post('/v1/things/context').set(headers).send({ count: 2, schedule: [] });
    expect(other.body.requestHash).not.toBe(first.body.requestHash);
  });

  it('refuses an idempotency key that could not be compared', async () => {
    const answer = await http
      .post('/v1/things/context')
      .set('idempotency-key', 'x'.repeat(201))
      .send({ count: 1, schedule: [] });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_key_malformed']);
  });
});
