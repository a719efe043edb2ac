import type { City, RegionRow } from '../city';
import type { FrontEnd } from '../front-end';
import type { Scene } from '../setup';
import type { Check } from '../report';
import type { Chapter, Stage, Told } from './chapter';
import { countCoverage, type Counted, type Question } from './coverage-oracle';

const MINUTES = 15;
const PROPOSALS = 5;
/** What to ask about, and whose need counts. */
const QUESTIONS: Question[] = [
  { kind: 'meals', group: 'population60plus', minutes: MINUTES },
  { kind: 'childcare', group: 'population0to3', minutes: MINUTES },
  { kind: 'sports', group: 'households', minutes: MINUTES },
];
const FIRST_GAPS = 10;

interface Region {
  code: string;
  name: string;
}

interface Gap {
  rank: number;
  region: Region;
  uncovered: number;
}

interface Proposal {
  rank: number;
  region: Region;
  gain: number;
  coveredAfter: number;
}

interface Answered extends Question {
  population: number;
  covered: number;
  shareBp: number | null;
  gaps: Gap[];
  proposals: Proposal[];
}

/** What a street office asks: who has no service within a walk, and where the next site helps most. */
export const coverage: Chapter = {
  title: 'coverage',
  async play({ area, scene }: Stage): Promise<Told> {
    const told: { city: City; answers: Answered[] }[] = [];
    for (const city of area.cities) {
      const answers: Answered[] = [];
      for (const question of QUESTIONS) answers.push(await ask(city, scene, question));
      told.push({ city, answers });
    }
    return {
      report: {
        coverage: told.flatMap(({ city, answers }) =>
          answers.map((answer) => ({ city: city.code, ...answer, gaps: summary(answer.gaps) })),
        ),
      },
      rows: told.map(({ city, answers }) => [
        `Coverage ${city.name}`,
        answers.map((answer) => lineOf(answer, city)).join('\n'),
      ]),
      checks: told.flatMap(({ city, answers }) =>
        answers.flatMap((answer) =>
          checksOf(city, answer, countCoverage(city, scene.sites, answer, PROPOSALS)),
        ),
      ),
    };
  },
};

async function ask(city: City, { officials }: Scene, question: Question): Promise<Answered> {
  const official = officials.get(city.code) as FrontEnd;
  const { kind, group, minutes } = question;
  const path = `/v1/regions/${city.code}/coverage`;
  const asked = `kind=${kind}&minutes=${minutes}&group=${group}`;
  const [{ region: _, communities: __, ...share }] = await official.all<
    Answered & { region: Region; communities: number }
  >(`${path}/parts?${asked}&level=city`);
  const gaps = await official.all<Gap>(`${path}/gaps?${asked}`);
  const { items } = await official.get<{ items: Proposal[] }>(
    `${path}/proposals?${asked}&count=${PROPOSALS}`,
  );
  return { ...question, ...share, gaps, proposals: items };
}

function checksOf(city: City, answer: Answered, counted: Counted): Check[] {
  const { kind, population, covered, gaps, proposals } = answer;
  const share = `${covered} of ${population} covered; counted: ${counted.covered} of ${counted.population}`;
  return [
    {
      name: `coverage: ${city.name}, ${kind} within ${MINUTES} minutes as counted one by one`,
      ok: covered === counted.covered && population === counted.population,
      detail: share,
    },
    {
      name: `coverage: ${city.name}, gaps of ${kind}, greatest need first, as counted one by one`,
      ok: same(
        gaps.map(({ region, uncovered }) => [region.code, uncovered]),
        counted.gaps,
      ),
      detail: `${gaps.length} communities; counted: ${counted.gaps.length}`,
    },
    {
      name: `coverage: ${city.name}, where to build next for ${kind}, as tried out one by one`,
      ok: same(
        proposals.map(({ region, gain }) => [region.code, gain]),
        counted.proposals,
      ),
      detail:
        proposals.map(({ region, gain }) => `${region.name} +${gain}`).join(', ') || 'nothing more to gain',
    },
  ];
}

function same(told: [string, number][], counted: [string, number][]): boolean {
  return JSON.stringify(told) === JSON.stringify(counted);
}

function summary(gaps: Gap[]) {
  return { communities: gaps.length, first: gaps.slice(0, FIRST_GAPS) };
}

const WHO: Record<Question['group'], string> = {
  households: 'households',
  population0to3: 'children under three',
  population60plus: 'people over sixty',
  population80plus: 'people over eighty',
};

function lineOf({ kind, group, shareBp, gaps, proposals }: Answered, city: City): string {
  const share = shareBp === null ? '–' : `${(shareBp / 100).toFixed(1)} %`;
  const [next] = proposals;
  const build = next ? ` · next: ${nameOf(next.region, city)} +${next.gain}` : '';
  return `${kind}: ${share} of ${WHO[group]} within ${MINUTES} min · ${gaps.length} communities without${build}`;
}

/** A community's name says little without its street's. */
function nameOf({ code, name }: Region, city: City): string {
  const street = city.regions.find((region: RegionRow) => region.code === code.slice(0, 9));
  return `${street?.name ?? ''} ${name}`.trim();
}
