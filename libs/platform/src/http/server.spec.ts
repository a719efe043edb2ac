import { connect } from 'node:net';
import { type Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import request from 'supertest';
import { Public } from '../access/access.decorator';
import type { RunningService } from '../bootstrap/start-service';
import { startEdge } from './edge.harness';
import { decodeCursor, page, PageQuery } from './pagination';
import { Upload, UploadStream } from './upload';
import { UuidParam } from './validation';

class SlotDto {
  @ApiProperty({ description: 'Local time.' })
  @IsString()
  starts: string;
}

class ThingDto {
  @ApiProperty({ description: 'How many.', type: 'integer' })
  @IsInt()
  count: number;

  @ApiProperty({ description: 'When.', type: [SlotDto] })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SlotDto)
  schedule: SlotDto[];
}

@Controller('v1/things')
@Public()
class ThingsController {
  @Post()
  make(@Body() body: ThingDto): ThingDto {
    return body;
  }

  @Get()
  list(@Query() query: PageQuery): unknown {
    decodeCursor(query.cursor, 1);
    return page([1, 2, 3], query.limit, (row) => [row]);
  }

  @Post('files')
  @Upload({ bytesMax: 1000, description: 'A file.', types: ['text/csv'] })
  async upload(@UploadStream() file: Readable): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of file as AsyncIterable<Buffer>) bytes += chunk.length;
    return { bytes };
  }

  @Get(':id')
  one(@Param('id', UuidParam) id: string): { id: string } {
    return { id };
  }
}

describe('the edge of a service', () => {
  let service: RunningService;
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    service = await startEdge([ThingsController]);
    http = request(service.url);
  });
  afterAll(() => service.stop());

  const json = (body: string) => http.post('/v1/things').set('content-type', 'application/json').send(body);

  it('names every field at fault, nested ones by their path', async () => {
    const answer = await json(
      '{"count":1.5,"schedule":[{"starts":"11:00"},{"starts":1,"ends":2}],"extra":1}',
    );
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'https://doorstep.dev/problems/validation_failed',
      status: 400,
      code: 'validation_failed',
      correlationId: answer.headers['x-request-id'],
    });
    expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'count',
      'extra',
      'schedule[1].ends',
      'schedule[1].starts',
    ]);
    for (const error of answer.body.errors)
      expect(error).toMatchObject({ reason: expect.any(String), mend: expect.any(String) });
  });

  it.each([
    ['broken JSON', '{"count":', 400, 'malformed'],
    ['an empty body', '', 400, 'malformed'],
    ['JSON that is no object', '[1]', 400, 'validation_failed'],
    ['a number', '7', 400, 'validation_failed'],
    ['null', 'null', 400, 'validation_failed'],
    ['a poisoned prototype', '{"__proto__":{"x":1}}', 400, 'malformed'],
    ['a body over the limit', `{"count":"${'x'.repeat(1024 * 1024)}"}`, 413, 'body_too_large'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await json(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'text/csv', 'nonsense'])(
    'refuses content type %s with what it takes',
    async (type) => {
      const answer = await http.post('/v1/things').set('content-type', type).send('a=1');
      expect([answer.status, answer.body.code]).toEqual([415, 'content_type_not_supported']);
      expect(answer.body.mend).toContain('application/json');
    },
  );

  it('answers 404 for unknown paths, 405 with Allow for unknown methods', async () => {
    const unknown = await http.get('/v1/nothing');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'route_not_found']);
    const method = await http.put('/v1/things');
    expect([method.status, method.body.code]).toEqual([405, 'method_not_allowed']);
    expect(method.headers.allow).toBe('GET, HEAD, POST');
  });

  it.each([
    '/v1/things/7',
    '/v1/things/%00',
    "/v1/things/1'--",
    '/v1/things/..%2f',
    `/v1/things/${'a'.repeat(400)}`,
  ])('refuses the path %s without a 500', async (path) => {
    const answer = await http.get(path);
    expect([400, 404, 414]).toContain(answer.status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('names a malformed id, and takes a good one in any case', async () => {
    const bad = await http.get('/v1/things/7');
    expect(bad.body).toMatchObject({ code: 'id_malformed', errors: [{ field: 'id' }] });
    const good = await http.get('/v1/things/019A3F6E-0C1D-7B7E-9A55-5B8F6D3C2B1A');
    expect(good.body.id).toBe('019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a');
  });

  it.each(['/v1/%ZZ', '/%c0%af'])('refuses the address %s', async (path) => {
    const answer = await http.get(path);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed']);
  });

  it('refuses on the bare socket what is no HTTP, in the same form', async () => {
    expect(await raw(service.url, 'NONSENSE\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [\s\S]*problem\+json[\s\S]*"code":"malformed"/,
    );
    const large = `GET / HTTP/1.1\r\nHost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(service.url, large)).toMatch(/^HTTP\/1.1 431 [\s\S]*"code":"header_too_large"/);
  });

  it('streams a file where an operation takes one, up to its limit', async () => {
    const send = (text: string, type = 'text/csv') =>
      http.post('/v1/things/files').set('content-type', type).send(text);
    expect((await send('x'.repeat(1000))).body).toEqual({ bytes: 1000 });
    const large = await send('x'.repeat(1001));
    expect([large.status, large.body.code]).toEqual([413, 'file_too_large']);
    expect((await send('{}', 'application/json')).status).toBe(415);
    const nothing = await http.post('/v1/things/files');
    expect([nothing.status, nothing.body.code]).toEqual([400, 'file_missing']);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'cursor=WzEsMl0', 'other=1'])(
    'refuses the list query %s',
    async (query) => {
      expect((await http.get(`/v1/things?${query}`)).status).toBe(400);
    },
  );

  it('pages', async () => {
    const first = await http.get('/v1/things?limit=2');
    expect(first.body).toEqual({ items: [1, 2], nextCursor: 'WzJd' });
    expect((await http.get('/v1/things?limit=3')).body.nextCursor).toBeNull();
  });

  it('tells health and metrics by route template', async () => {
    expect((await http.get('/health/live')).body).toEqual({ status: 'ok' });
    const ready = await http.get('/health/ready');
    expect(ready.body).toMatchObject({ status: 'ok', details: { redis: { status: 'up' } } });
    const { text } = await http.get('/metrics');
    expect(text).toMatch(
      /doorstep_http_request_seconds_count\{.*route="\/v1\/things\/:id",status="400"\} \d/,
    );
    expect(text).not.toContain('019a3f6e');
  });
});

describe('without Redis', () => {
  it('is degraded and serves', async () => {
    const service = await startEdge([ThingsController], { REDIS_URL: 'redis://127.0.0.1:9' });
    try {
      const ready = await request(service.url).get('/health/ready');
      expect([ready.status, ready.body.status]).toEqual([200, 'degraded']);
      expect((await request(service.url).get('/v1/things')).status).toBe(200);
    } finally {
      await service.stop();
    }
  });
});

function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}
