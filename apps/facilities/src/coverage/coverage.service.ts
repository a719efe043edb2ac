import { Injectable } from '@nestjs/common';
import {
  DomainError,
  levelOf,
  notFound,
  REGION_LEVELS,
  type RegionCode,
  type RegionLevel,
} from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page } from '@doorstep/platform';
import { StraightLineRouter } from '../nearby/walking-router';
import { floorAreaWarnings } from '../guidelines/guideline';
import { guidelineFor } from '../guidelines/guidelines.queries';
import { ServiceKindEntity } from '../kinds/service-kind.entity';
import { listRegions } from '../regions/regions.queries';
import { localTimeOf } from '../sites/wall-clock';
import {
  type Community,
  gapsOf,
  GROUPS,
  hasPoint,
  partsOf,
  proposalsOf,
  type Reach,
  shareOf,
} from './coverage';
import type {
  CoverageDto,
  CoverageQuery,
  FloorAreaDto,
  GapDto,
  PartDto,
  PartLevel,
  GapsQuery,
  PartsQuery,
  PartsQuestionQuery,
  ProposalsDto,
  ProposalsQuery,
  QuestionQuery,
  RegionRefDto,
} from './coverage.dto';
import { findCommunities, findNames, findServingSites, sumFloorArea } from './coverage.queries';
import { boxAround, circlesOf, reachOf, type ServingSite } from './reach';

/** Guidelines are China's, and so are the days that they hold. */
const TIME_ZONE = 'Asia/Shanghai';
/** The largest city has some 6,000 communities; a province's worth is for its cities one by one. */
const COMMUNITIES_MAX = 20_000;
const DIGITS: Record<PartLevel, number> = { city: 4, district: 6, street: 9, community: 12 };

interface Scene {
  region: RegionRefDto;
  communities: Community[];
  sites: ServingSite[];
  reach: Reach;
}

/** A part of a region with the communities it is made of. */
export interface CoveredPart extends PartDto {
  members: Community[];
}

/** Who lives within a walk of what. Authorities see every operator's sites in their region, operators their own. */
@Injectable()
export class CoverageService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly router: StraightLineRouter,
  ) {}

  async summary(code: RegionCode, { kind, minutes }: CoverageQuery): Promise<CoverageDto> {
    const kinds = await this.kinds(kind, code);
    const { region, communities, sites, reach } = await this.scene(code, Math.max(...minutes));
    const circles = [...minutes].sort((a, b) => a - b);
    return {
      region,
      communities: communities.length,
      withoutCentroid: communities.filter((community) => !hasPoint(community)).length,
      withoutFigures: communities.filter((community) => GROUPS.every((group) => community[group] === null))
        .length,
      sites: sites.length,
      floorArea: await this.floorArea(code, communities),
      kinds: kinds.map((one) => ({
        kind: one,
        groups: GROUPS.map((group) => {
          const shares = circles.map((radius) => ({
            minutes: radius,
            ...shareOf(communities, reach, { kind: one, minutes: radius, group }),
          }));
          return {
            group,
            population: shares[0].population,
            circles: shares.map(({ population: _, ...share }) => share),
          };
        }),
      })),
    };
  }

  async parts(code: RegionCode, query: PartsQuery): Promise<Page<PartDto>> {
    const after = decodeCursor(query.cursor, 1);
    const all = await this.coveredParts(code, query);
    const rows = all
      .filter(({ region }) => !after || region.code > String(after[0]))
      .slice(0, query.limit + 1);
    return pageOf(
      rows,
      query.limit,
      ({ region }) => [region.code],
      ({ members: _, ...part }) => part,
    );
  }

  /** Every part of a region at once, with its communities: for files and maps. */
  async coveredParts(code: RegionCode, query: PartsQuestionQuery): Promise<CoveredPart[]> {
    checkLevel(code, query.level);
    await this.kinds(query.kind);
    const { communities, reach } = await this.scene(code, query.minutes);
    const parts = [...partsOf(communities, DIGITS[query.level])];
    const names = await this.db.read((tx) =>
      findNames(
        tx,
        parts.map(([part]) => part),
      ),
    );
    return parts.map(([part, members]) => ({
      // A street of a city without districts has no district of its own to be told under.
      region: { code: part, name: names.get(part) ?? part, level: query.level },
      communities: members.length,
      ...shareOf(members, reach, query),
      members,
    }));
  }

  async gaps(code: RegionCode, query: GapsQuery): Promise<Page<GapDto>> {
    const after = Number(decodeCursor(query.cursor, 1)?.[0] ?? 0);
    const rows = (await this.allGaps(code, query)).slice(after, after + query.limit + 1);
    return pageOf(
      rows,
      query.limit,
      ({ rank }) => [rank],
      (gap) => gap,
    );
  }

  /** Every gap at once: for files and maps. */
  async allGaps(code: RegionCode, query: QuestionQuery): Promise<GapDto[]> {
    await this.kinds(query.kind);
    const { communities, reach } = await this.scene(code, query.minutes);
    return gapsOf(communities, reach, query).map(({ community, uncovered }, i) => ({
      rank: i + 1,
      region: refOf(community),
      location: hasPoint(community) ? { lng: community.lng, lat: community.lat } : null,
      uncovered,
    }));
  }

  async proposals(code: RegionCode, query: ProposalsQuery): Promise<ProposalsDto> {
    await this.kinds(query.kind);
    const { communities, reach } = await this.scene(code, query.minutes);
    const circles = await circlesOf(communities, this.router, query.minutes);
    const proposals = proposalsOf(communities, reach, query, circles, query.count);
    return {
      items: proposals.map(({ community, gain, coveredAfter, shareAfterBp }, i) => ({
        rank: i + 1,
        region: refOf(community),
        location: { lng: community.lng, lat: community.lat },
        gain,
        coveredAfter,
        shareAfterBp,
      })),
    };
  }

  private async floorArea(code: RegionCode, communities: Community[]): Promise<FloorAreaDto> {
    const households = communities.reduce((sum, community) => sum + (community.households ?? 0), 0);
    const today = localTimeOf(this.clock.now(), TIME_ZONE).day;
    const { areaM2, guideline } = await this.db.read(async (tx) => ({
      areaM2: await sumFloorArea(tx, code),
      guideline: await guidelineFor(tx, code, today),
    }));
    return {
      areaM2,
      households,
      per100HouseholdsM2: households === 0 ? null : Math.round((areaM2 * 10_000) / households) / 100,
      guidelineM2: guideline.areaPer100HouseholdsM2,
      warnings: floorAreaWarnings({ areaM2, households }, guideline),
    };
  }

  /** What all questions start from: the communities, and how far each has to walk for each kind. */
  private async scene(code: RegionCode, minutesMax: number): Promise<Scene> {
    checkMaySee(code);
    const { region, communities, sites } = await this.db.read(async (tx) => {
      const [found] = await listRegions(tx, { within: code, limit: 1 });
      if (found?.code !== code) throw notFound('region', code);
      const inside = await findCommunities(tx, code, COMMUNITIES_MAX);
      if (inside.length > COMMUNITIES_MAX) throw tooLarge(code);
      const placed = inside.filter(hasPoint);
      const box = boxAround(placed, this.router.reachM(minutesMax));
      return {
        region: { code, name: found.name, level: found.level as RegionLevel },
        communities: inside,
        sites: placed.length > 0 ? await findServingSites(tx, box) : [],
      };
    });
    return { region, communities, sites, reach: await reachOf(communities, sites, this.router, minutesMax) };
  }

  /** The kind that is asked about, or all that are in use in a region: another city's own are none of its affair. */
  private async kinds(asked: string | undefined, within = ''): Promise<string[]> {
    const known = await this.db.read((tx) =>
      tx.manager.find(ServiceKindEntity, { order: { place: 'ASC', code: 'ASC' } }),
    );
    const isHere = ({ regionCode }: ServiceKindEntity) =>
      regionCode === null || regionCode.startsWith(within) || within.startsWith(regionCode);
    if (asked === undefined) return known.filter((one) => one.active && isHere(one)).map(({ code }) => code);
    if (known.some(({ code }) => code === asked)) return [asked];
    throw new DomainError('invalid', 'kind_unknown', `There is no kind of service ${asked}.`, {
      field: 'kind',
      mend: 'GET /v1/kinds lists them.',
    });
  }
}

function refOf({ code, name }: Community): RegionRefDto {
  return { code, name, level: 'community' };
}

/** Outside of its region an authority sees no sites, so every answer would look like a desert. */
function checkMaySee(code: RegionCode): void {
  const { regionPrefix } = currentActor();
  if (!regionPrefix || code.startsWith(regionPrefix)) return;
  throw new DomainError('forbidden', 'region_not_yours', `${code} lies outside of your region.`, {
    field: 'code',
    mend: `Ask for ${regionPrefix} or a region within it.`,
  });
}

function checkLevel(code: RegionCode, level: PartLevel): void {
  const own = levelOf(code) as RegionLevel;
  if (REGION_LEVELS.indexOf(level) >= REGION_LEVELS.indexOf(own)) return;
  throw new DomainError('invalid', 'level_above_region', `A ${own} has no parts of level ${level}.`, {
    field: 'level',
    mend: `Ask for ${PARTS_BELOW(own).join(' or ')}.`,
  });
}

const PARTS_BELOW = (own: RegionLevel) => REGION_LEVELS.slice(REGION_LEVELS.indexOf(own));

function tooLarge(code: RegionCode): DomainError {
  return new DomainError(
    'invalid',
    'region_too_large',
    `${code} has more than ${COMMUNITIES_MAX} communities.`,
    {
      field: 'code',
      mend: 'Ask for its cities one by one.',
    },
  );
}
