import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiProperty, type OpenAPIObject } from '@nestjs/swagger';
import { IsInt, IsOptional, Min } from 'class-validator';
import { Access, Public } from '../access/access.decorator';
import type { RunningService } from '../bootstrap/start-service';
import { startEdge } from './edge.harness';
import { IdempotencyRequired } from './idempotency-required';
import { ApiPage } from './pagination';
import { BodyExample } from './body-example';
import { holesOf } from './openapi-holes';

@BodyExample({ number: 7, name: '七号场' })
class CourtDto {
  @ApiProperty({ description: 'Its number.', type: 'integer', minimum: 0, exclusiveMinimum: true })
  @IsInt()
  @Min(1)
  number: number;

  @ApiProperty({ description: 'What it is called.', type: String, nullable: true })
  @IsOptional()
  name: string | null;

  @ApiProperty({ description: 'How.', enum: ['a', 'b'], nullable: true })
  mode: string | null;
}

@Controller('v1/courts')
class CourtsController {
  @Post()
  @Access('spaces:write')
  @ApiOperation({ summary: 'Enter a court' })
  @ApiCreatedResponse({ description: 'Entered.', type: CourtDto })
  create(@Body() body: CourtDto): CourtDto {
    return body;
  }

  @Get()
  @Access('spaces:read')
  @ApiOperation({ summary: 'List courts' })
  @ApiPage(CourtDto)
  list(): unknown {
    return { items: [], nextCursor: null };
  }

  @Post(':id/bookings')
  @Access('bookings:create')
  @IdempotencyRequired()
  @ApiOperation({ summary: 'Book' })
  @ApiCreatedResponse({ description: 'Booked.', type: CourtDto })
  book(@Param('id') id: string): string {
    return id;
  }

  @Delete(':id')
  @Public()
  holes(): void {}
}

describe('the API document', () => {
  let service: RunningService;
  let document: OpenAPIObject;

  beforeAll(async () => {
    service = await startEdge([CourtsController]);
    document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenAPIObject;
  });
  afterAll(() => service.stop());

  const responses = (path: string, method: 'get' | 'post' | 'delete') =>
    Object.keys(document.paths[path][method]?.responses ?? {});

  it('is OpenAPI 3.1, in its spelling', () => {
    expect(document.openapi).toBe('3.1.0');
    const court = document.components?.schemas?.CourtDto as { properties: Record<string, object> };
    expect(court.properties.number).toEqual({
      type: 'integer',
      exclusiveMinimum: 0,
      description: 'Its number.',
    });
    expect(court).toMatchObject({ example: { number: 7 } });
    expect(court.properties.name).toMatchObject({ type: ['string', 'null'] });
    expect(court.properties.mode).toMatchObject({ type: ['string', 'null'], enum: ['a', 'b', null] });
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('tells who may, and every refusal', () => {
    expect(document.paths['/v1/courts'].post).toMatchObject({
      'x-permission': 'spaces:write',
      security: [{ accessToken: [] }, { apiKey: [] }],
    });
    expect(responses('/v1/courts', 'post')).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(responses('/v1/courts', 'get')).toEqual(['200', '400', '401', '403', '429', '500', '503']);
    expect(responses('/v1/courts/{id}', 'delete')).not.toContain('401');
    expect(document.components?.responses?.Conflict).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
  });

  it('documents Idempotency-Key on every POST, and where it is required', () => {
    expect(document.paths['/v1/courts'].post?.parameters).toEqual([
      { $ref: '#/components/parameters/IdempotencyKey' },
    ]);
    const book = document.paths['/v1/courts/{id}/bookings'].post;
    expect(book).toMatchObject({ 'x-idempotency': 'required' });
    const keys = book?.parameters?.filter((one) => 'name' in one && one.name === 'Idempotency-Key');
    expect(keys).toMatchObject([{ required: true }]);
  });

  it('leaves out health, metrics and itself', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/v1/courts',
      '/v1/courts/{id}/bookings',
      '/v1/courts/{id}',
    ]);
  });

  it('tells its own holes', () => {
    expect(holesOf(document)).toEqual([
      'DELETE /v1/courts/{id} has no summary: add @ApiOperation({ summary }).',
      'DELETE /v1/courts/{id} answers 200 with an undescribed body.',
      'tag Courts has no sentence: add one to openapi-tags.ts.',
    ]);
  });
});
