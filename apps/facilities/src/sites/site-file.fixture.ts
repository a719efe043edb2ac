import type { Actor } from '@doorstep/platform';
import type { TestService } from '@doorstep/testing';

export const HEADER =
  'code,nameZh,nameEn,regionCode,form,tier,spaceSource,lng,lat,crs,areaM2,openingHours,onHoliday';
/** A row of a file of sites, as an owner's spreadsheet would write it. */
export const line = (code: string, changes: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    ...{
      code,
      nameZh: `${code} 服务站`,
      nameEn: '',
      regionCode: '310101013001',
      form: 'point',
      tier: 'community',
    },
    ...{ spaceSource: 'transfer', lng: '121.48', lat: '31.24', crs: 'WGS84', areaM2: '120' },
    ...{ openingHours: '1-5 08:00-20:00; 6-7 09:00-17:00', onHoliday: 'closed', ...changes },
  };
  return HEADER.split(',')
    .map((column) => `"${cells[column]}"`)
    .join(',');
};

/** With the columns of a project, which rows fill in this order. */
export const WIDE = [
  ...[HEADER, 'status', 'approvedOn,buildingOn,acceptedOn,handedOverOn,openedOn,suspendedOn'],
  ...['plannedStart,plannedOpening,costYuan,funding'],
].join();

export const rows = (...cells: string[]) => Buffer.from([WIDE, ...cells].join('\n'));

/** In operation, with its whole past and what it cost. */
export const BUILT = [
  ...[line('B'), 'operating', '2025-01-10,2025-03-01,2025-12-01,2026-01-15,2026-03-01,'],
  ...['2025-02-01,2026-03-01,1800000.50', '"central_budget 1800000 发改投资〔2026〕88号; donation 0.50"'],
].join();

/** An answer that is a file, read as it is. */
export function asBytes(answer: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const parts: Buffer[] = [];
  const stream = answer as NodeJS.ReadableStream;
  stream.on('data', (part: Buffer) => parts.push(Buffer.from(part)));
  stream.on('end', () => done(null, Buffer.concat(parts)));
}

/** Hands in a file: whole, or the rows under `HEADER`. */
export function uploadTo(
  service: TestService,
  actor: Actor,
  lines: string[] | Buffer,
  query: object = {},
  type = 'text/csv',
) {
  const file = Buffer.isBuffer(lines) ? lines : Buffer.from([HEADER, ...lines].join('\n'));
  return service.as(actor).post('/v1/sites/import-file').query(query).set('content-type', type).send(file);
}

export async function sitesSeen(service: TestService, actor: Actor) {
  return (await service.as(actor).get('/v1/sites?limit=200').expect(200)).body.items;
}
