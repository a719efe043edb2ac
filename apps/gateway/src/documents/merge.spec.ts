import type { OpenAPIObject } from '@nestjs/swagger';
import { mergeDocuments } from './merge';

function documentOf(path: string, schemas: Record<string, object>, ref: string): OpenAPIObject {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${ref}` } } };
  return {
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    paths: {
      [path]: {
        get: {
          operationId: 'Things.list',
          tags: ['things'],
          responses: { 200: { description: 'ok', content } },
        },
      },
    },
    components: {
      schemas: schemas as never,
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
    },
  };
}

describe('merging API documents', () => {
  const problem = { type: 'object', properties: { code: { type: 'string' } } };
  const merged = mergeDocuments({
    bookings: documentOf(
      '/v1/bookings',
      {
        Problem: problem,
        SiteDto: { type: 'object', properties: { id: { $ref: '#/components/schemas/Problem' } } },
      },
      'SiteDto',
    ),
    facilities: documentOf(
      '/v1/sites',
      { Problem: problem, SiteDto: { type: 'string' }, NeededNowhere: { type: 'number' } },
      'SiteDto',
    ),
  });

  it('shares what is the same and renames what clashes, with its references', () => {
    expect(Object.keys(merged.components?.schemas ?? {})).toEqual([
      'BookingsSiteDto',
      'FacilitiesSiteDto',
      'Problem',
    ]);
    expect(JSON.stringify(merged.paths['/v1/bookings'])).toContain('#/components/schemas/BookingsSiteDto');
    expect(JSON.stringify(merged.paths['/v1/sites'])).toContain('#/components/schemas/FacilitiesSiteDto');
  });

  it('renames what says the same but refers to something that clashes', () => {
    const list = { type: 'array', items: { $ref: '#/components/schemas/SiteDto' } };
    const both = mergeDocuments({
      bookings: documentOf('/v1/bookings', { List: list, SiteDto: { type: 'string' } }, 'List'),
      facilities: documentOf('/v1/sites', { List: list, SiteDto: { type: 'number' } }, 'List'),
    });
    expect(both.components?.schemas?.BookingsList).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/BookingsSiteDto' },
    });
    expect(JSON.stringify(both.paths['/v1/sites'])).toContain('#/components/schemas/FacilitiesList');
  });

  it('makes operation ids unique and gathers tags and paths', () => {
    expect(Object.keys(merged.paths)).toEqual(['/v1/bookings', '/v1/sites']);
    expect(merged.paths['/v1/sites'].get?.operationId).toBe('facilities.Things.list');
    expect(merged.tags).toEqual([{ name: 'things' }]);
    const tagged = (path: string, tag: string): OpenAPIObject => {
      const document = documentOf(path, {}, 'X');
      Object.assign(document.paths[path].get ?? {}, { tags: [tag] });
      return { ...document, tags: [{ name: tag, description: `${tag}: what it is` }] };
    };
    const two = { billing: tagged('/v1/claims', 'claims'), bookings: tagged('/v1/quotes', 'quotes') };
    expect(mergeDocuments(two, ['quotes', 'claims']).tags).toEqual([
      { name: 'quotes', description: 'quotes: what it is' },
      { name: 'claims', description: 'claims: what it is' },
    ]);
    expect(merged.openapi).toBe('3.1.0');
  });

  it('leaves out what the gateway does not pass on, and changes none of its sources', () => {
    const source = documentOf('/internal/sessions', {}, 'X');
    const before = JSON.stringify(source);
    expect(mergeDocuments({ operators: source }).paths).toEqual({});
    expect(JSON.stringify(source)).toBe(before);
  });
});
