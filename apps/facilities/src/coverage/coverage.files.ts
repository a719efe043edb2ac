import { kindWord, type RegionCode, sayer, words } from '@doorstep/kernel';
import { type Cell, column, csvOf, tableIn, xlsxOf } from '@doorstep/platform';
import { hasPoint } from './coverage';
import type { CoverageFileQuery, GapDto, ProposalDto } from './coverage.dto';
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
  title: keyof typeof SHEETS;
  figures: Figure[];
  places: Place[];
}

const SHEETS = {
  coverage: words('覆盖情况', 'Coverage'),
  gaps: words('覆盖缺口', 'Gaps'),
  proposals: words('建设建议', 'Places to build'),
};

const groupWord = sayer({
  households: words('户数', 'Households'),
  population0to3: words('0—3岁人口', 'Population of 0 to 3'),
  population60plus: words('60岁以上人口', 'Population of 60 and over'),
  population80plus: words('80岁以上人口', 'Population of 80 and over'),
});

/** Headings of the figures, by the names that maps have them under. */
const FIGURES = {
  communities: words('社区数', 'Communities'),
  population: words('人数或户数', 'Population'),
  covered: words('已覆盖', 'Covered'),
  sharePercent: words('覆盖率（%）', 'Share (%)'),
  rank: words('次序', 'Rank'),
  uncovered: words('未覆盖', 'Not covered'),
  gain: words('新增覆盖', 'Gain'),
  coveredAfter: words('建成后覆盖', 'Covered after'),
  sharePercentAfter: words('建成后覆盖率（%）', 'Share after (%)'),
};
type Figure = keyof typeof FIGURES;

/** A list of regions as a file: a table for people in their language, a map for programs, which read names that stay. */
export async function coverageFile(
  places: Places,
  { kind, minutes, group, format, language }: CoverageFileQuery,
): Promise<Buffer> {
  const question = { kind, minutes, group };
  if (format === 'geojson') return Buffer.from(JSON.stringify(geoJsonOf(places, question)));
  const columns = [
    column<Place>('区划代码', 'Code', ({ code }) => code),
    column<Place>('名称', 'Name', ({ name }) => name),
    column<Place>('服务类型', 'Kind of service', (_, of) => kindWord(kind, of)),
    column<Place>('步行分钟', 'Minutes on foot', () => minutes),
    column<Place>('人群', 'Group', (_, of) => groupWord(group, of)),
    ...places.figures.map((figure, i) => ({ title: FIGURES[figure], cell: (of: Place) => of.figures[i] })),
    column<Place>('经度', 'Longitude', ({ location }) => location?.lng ?? null),
    column<Place>('纬度', 'Latitude', ({ location }) => location?.lat ?? null),
  ];
  const table = tableIn(language, SHEETS[places.title], columns, places.places);
  return format === 'csv' ? csvOf(table) : xlsxOf(table);
}

/** RFC 7946: one point for each place, its colour for the map to choose. */
function geoJsonOf({ figures, places }: Places, question: Record<string, Cell>) {
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
