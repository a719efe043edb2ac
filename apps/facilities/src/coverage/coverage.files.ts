import type { RegionCode } from '@doorstep/kernel';
import { type Cell, csvOf, type Table, xlsxOf } from '@doorstep/platform';
import { hasPoint } from './coverage';
import type { FileFormat, GapDto, ProposalDto, QuestionQuery } from './coverage.dto';
import type { CoveredPart } from './coverage.service';

/** One region of a list: a row of a table, a point of a map. */
interface Place {
  code: RegionCode;
  name: string;
  location: { lng: number; lat: number } | null;
  /** In the order of `Places.figures`. */
  figures: Cell[];
}

interface Places {
  title: string;
  figures: string[];
  places: Place[];
}

/** A list of regions as a file for spreadsheets or maps. */
export async function coverageFile(
  { title, figures, places }: Places,
  { kind, minutes, group }: Pick<QuestionQuery, 'kind' | 'minutes' | 'group'>,
  format: FileFormat,
): Promise<Buffer> {
  const question = { kind, minutes, group };
  if (format === 'geojson') return Buffer.from(JSON.stringify(geoJsonOf(figures, places, question)));
  const table: Table = {
    name: title,
    columns: ['code', 'name', ...Object.keys(question), ...figures, 'lng', 'lat'],
    rows: places.map((place) => [
      ...[place.code, place.name, ...Object.values(question), ...place.figures],
      ...[place.location?.lng ?? null, place.location?.lat ?? null],
    ]),
  };
  return format === 'csv' ? csvOf(table) : xlsxOf(table);
}

/** RFC 7946: one point for each place, its colour for the map to choose. */
function geoJsonOf(figures: string[], places: Place[], question: Record<string, Cell>) {
  return {
    type: 'FeatureCollection',
    features: places.map(({ code, name, location, figures: values }) => ({
      type: 'Feature',
      id: code,
      geometry: location && { type: 'Point', coordinates: [location.lng, location.lat] },
      properties: {
        name,
        ...question,
        ...Object.fromEntries(figures.map((figure, i) => [figure, values[i]])),
      },
    })),
  };
}

export function placesOfParts(parts: CoveredPart[]): Places {
  return {
    title: 'coverage',
    figures: ['communities', 'population', 'covered', 'sharePercent'],
    places: parts.map((part) => ({
      ...{ code: part.region.code, name: part.region.name, location: middleOf(part) },
      figures: [part.communities, part.population, part.covered, percent(part.shareBp)],
    })),
  };
}

export function placesOfGaps(gaps: GapDto[]): Places {
  return {
    title: 'gaps',
    figures: ['rank', 'uncovered'],
    places: gaps.map(({ region: { code, name }, location, rank, uncovered }) => ({
      ...{ code, name, location },
      figures: [rank, uncovered],
    })),
  };
}

export function placesOfProposals(proposals: ProposalDto[]): Places {
  return {
    title: 'proposals',
    figures: ['rank', 'gain', 'coveredAfter', 'sharePercentAfter'],
    places: proposals.map(({ region: { code, name }, location, rank, gain, coveredAfter, shareAfterBp }) => ({
      ...{ code, name, location },
      figures: [rank, gain, coveredAfter, percent(shareAfterBp)],
    })),
  };
}

function percent(shareBp: number | null): number | null {
  return shareBp === null ? null : shareBp / 100;
}

/** The mean of its communities' centroids; a part without any has no place on a map. */
function middleOf({ members }: CoveredPart): Place['location'] {
  const placed = members.filter(hasPoint);
  if (placed.length === 0) return null;
  const mean = (of: (point: { lng: number; lat: number }) => number) =>
    Math.round((placed.reduce((sum, point) => sum + of(point), 0) / placed.length) * 1e6) / 1e6;
  return { lng: mean(({ lng }) => lng), lat: mean(({ lat }) => lat) };
}
