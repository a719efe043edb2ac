import { csvOf, type Table, xlsxOf } from '@doorstep/platform';
import type { RegionCode } from '@doorstep/kernel';
import { hasPoint } from './coverage';
import type { CoverageFileQuery, FileFormat } from './coverage.dto';
import type { CoveredPart } from './coverage.service';

export const CONTENT_TYPES: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geojson: 'application/geo+json',
};

/** The parts of a region as a file for spreadsheets or maps. */
export async function coverageFile(
  parts: CoveredPart[],
  query: Pick<CoverageFileQuery, 'format' | 'kind' | 'minutes' | 'group'>,
): Promise<Buffer> {
  if (query.format === 'geojson') return Buffer.from(JSON.stringify(geoJsonOf(parts, query)));
  return query.format === 'csv' ? csvOf(tableOf(parts, query)) : xlsxOf(tableOf(parts, query));
}

type What = Pick<CoverageFileQuery, 'kind' | 'minutes' | 'group'>;

function tableOf(parts: CoveredPart[], { kind, minutes, group }: What): Table {
  return {
    name: 'coverage',
    columns: [
      'code',
      'name',
      'kind',
      'minutes',
      'group',
      'communities',
      'population',
      'covered',
      'sharePercent',
      'lng',
      'lat',
    ],
    rows: parts.map((part) => {
      const middle = middleOf(part);
      const { region, communities, population, covered, shareBp } = part;
      const sharePercent = shareBp === null ? null : shareBp / 100;
      return [
        ...[region.code, region.name, kind, minutes, group, communities, population, covered, sharePercent],
        ...[middle?.lng ?? null, middle?.lat ?? null],
      ];
    }),
  };
}

/** RFC 7946: one point per part, its colour for the map to choose. */
function geoJsonOf(parts: CoveredPart[], { kind, minutes, group }: What) {
  return {
    type: 'FeatureCollection',
    features: parts.map((part) => {
      const middle = middleOf(part);
      const { region, communities, population, covered, shareBp } = part;
      return {
        type: 'Feature',
        id: region.code satisfies RegionCode,
        geometry: middle ? { type: 'Point', coordinates: [middle.lng, middle.lat] } : null,
        properties: {
          name: region.name,
          level: region.level,
          kind,
          minutes,
          group,
          communities,
          population,
          covered,
          shareBp,
        },
      };
    }),
  };
}

/** The mean of its communities' centroids; a part without any has no place on a map. */
function middleOf({ members }: CoveredPart): { lng: number; lat: number } | undefined {
  const placed = members.filter(hasPoint);
  if (placed.length === 0) return undefined;
  const mean = (of: (point: { lng: number; lat: number }) => number) =>
    Math.round((placed.reduce((sum, point) => sum + of(point), 0) / placed.length) * 1e6) / 1e6;
  return { lng: mean(({ lng }) => lng), lat: mean(({ lat }) => lat) };
}
