import { type Fen, sumFen } from '@doorstep/kernel';
import { same } from '../checks';
import { eventually } from '../patience';
import type { Check } from '../report';
import type { Chapter, Stage, Told } from './chapter';

interface Summary {
  sites: number;
  capacity: number;
  booked: number;
  attended: number;
  noShow: number;
  visits: number;
  utilisationBp: number | null;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  concessionFen: Fen;
  revenueFen: Fen;
  costFen: Fen;
  marginFen: Fen;
}

interface Margin {
  siteId: string;
  siteName: string;
  kind: string | null;
  payer: string;
  funderName: string | null;
  revenueFen: Fen;
  costFen: Fen;
  marginFen: Fen;
}

interface Street {
  street: string;
  name: string | null;
  people: number;
  visits: number;
  subsidyFen: Fen;
}

interface Asked {
  summary: Summary;
  margins: Margin[];
  streets: Street[];
  payers: { payer: string; funderId: string | null; amountFen: Fen }[];
}

/** What the head office asks at the end of the month: what did each service at each site leave, and who paid for it? */
export const portfolio: Chapter = {
  title: 'portfolio',
  async play(stage: Stage): Promise<Told> {
    const month = stage.day.slice(0, 7);
    const enteredFen = await enterCosts(stage, month);
    await stage.everythingHeard();
    await figuresMade(stage);
    const asked = await ask(stage, month);
    const losing = asked.margins.filter(({ marginFen }) => marginFen < 0);
    return {
      report: {
        portfolio: {
          month,
          ...asked.summary,
          payers: asked.payers,
          margins: asked.margins.slice(0, 20),
          streets: asked.streets.length,
        },
      },
      rows: [['Portfolio', linesOf(asked, losing.length)]],
      checks: await checksOf(stage, month, asked, enteredFen),
    };
  },
};

/** Made up by dice, as the finance department would hand them in: staff and rooms by site, goods by kind. */
async function enterCosts({ scene, random }: Stage, month: string): Promise<Fen> {
  const items = scene.sites.flatMap((site) => {
    const kinds = [...new Set(site.offerings.map(({ plan }) => plan.kind))];
    return [
      { siteId: site.id, month, costClass: 'base_labour', amountFen: random.int(2_000, 9_000) },
      { siteId: site.id, month, costClass: 'premises', amountFen: random.int(500, 3_000) },
      ...kinds.map((kind) => ({
        siteId: site.id,
        month,
        kind,
        costClass: 'materials',
        amountFen: random.int(100, 4_000),
      })),
    ];
  });
  for (let at = 0; at < items.length; at += 500)
    await scene.owner.post('/v1/costs', { items: items.slice(at, at + 500) });
  return sumFen(items.map(({ amountFen }) => amountFen));
}

/** The figures are made a moment after their facts have arrived. */
async function figuresMade({ books }: Stage): Promise<void> {
  await eventually('there are still figures to be made', async () => {
    const due = await books.number('operators', 'SELECT count(*) FROM portfolio_due');
    return due === 0 || undefined;
  });
}

async function ask({ scene: { owner } }: Stage, month: string): Promise<Asked> {
  const slice = `from=${month}`;
  return {
    summary: await owner.get<Summary>(`/v1/portfolio/summary?${slice}`),
    margins: await owner.all<Margin>(`/v1/portfolio/margins?${slice}`),
    streets: await owner.all<Street>(`/v1/portfolio/street-reports?month=${month}`),
    payers: await owner.all<Asked['payers'][number]>(`/v1/portfolio/payers?${slice}`),
  };
}

async function checksOf(stage: Stage, month: string, asked: Asked, enteredFen: Fen): Promise<Check[]> {
  return [
    ...(await countChecks(stage, month, asked)),
    ...(await priceChecks(stage, month, asked)),
    ...marginChecks(asked, enteredFen),
  ];
}

/** Rows of the played month in the other services' own databases. */
const OF_MONTH = `operator_id = $1 AND date_trunc('month', service_day) = $2::date`;

/** Who came to which street: to a booking, or as a child by what was recorded last of its day. */
const PEOPLE = `
  WITH came AS (
    SELECT b.site_id, b.resident_id FROM booking b WHERE ${OF_MONTH} AND b.status = 'delivered'
    UNION ALL
    SELECT p.site_id, p.resident_id
    FROM (SELECT DISTINCT ON (placement_id, day) * FROM attendance ORDER BY placement_id, day, revision DESC) a
    JOIN placement p ON p.id = a.placement_id
    WHERE p.operator_id = $1 AND date_trunc('month', a.day) = $2::date AND a.outcome IN ('checked_in', 'attended'))
  SELECT count(DISTINCT (left(s.region_code, 9), current_resident(came.resident_id)))
  FROM came JOIN site s ON s.id = came.site_id`;

async function countChecks(
  { books, scene }: Stage,
  month: string,
  { summary, streets }: Asked,
): Promise<Check[]> {
  const came = (what: string, status: string): Promise<number> =>
    books.number(
      'bookings',
      `SELECT coalesce(sum(${what}), 0) FROM booking WHERE ${OF_MONTH} AND status ${status}`,
      [scene.operatorId, `${month}-01`],
    );
  const visits = await came('party_size', `= 'delivered'`);
  const booked = await came('units', `IN ('confirmed', 'checked_in', 'delivered', 'no_show')`);
  const inStreets = streets.reduce((sum, street) => sum + street.visits, 0);
  const people = await books.number('bookings', PEOPLE, [scene.operatorId, `${month}-01`]);
  const peopleInStreets = streets.reduce((sum, street) => sum + street.people, 0);
  return [
    same(
      'portfolio: visits',
      "against the people of delivered bookings in bookings' own database",
      summary.visits,
      visits,
    ),
    same('portfolio: booked', "units against bookings' own database", summary.booked, booked),
    same('portfolio: street report', 'visits of all streets against the whole', inStreets, visits),
    same(
      'portfolio: people',
      "once in each street, against residents who were served or in care in bookings' own database",
      peopleInStreets,
      people,
    ),
  ];
}

async function priceChecks(
  { books, scene }: Stage,
  month: string,
  { summary, payers }: Asked,
): Promise<Check[]> {
  const billed = (column: string): Promise<number> =>
    books.number(
      'billing',
      `WITH captured AS (SELECT * FROM charge WHERE ${OF_MONTH} AND status = 'captured')
       SELECT coalesce((SELECT sum(${column}) FROM captured), 0)
            + coalesce((SELECT sum(c.${column}) FROM charge_correction c JOIN captured ON captured.id = c.charge_id), 0)`,
      [scene.operatorId, `${month}-01`],
    );
  const { grossFen, residentFen, fundersFen, concessionFen } = summary;
  const funders = payers.filter(({ payer }) => payer === 'funder').map(({ amountFen }) => amountFen);
  const [billedGross, billedFunders] = [await billed('gross_fen'), await billed('funders_fen')];
  const paid = residentFen + fundersFen + concessionFen;
  return [
    same('portfolio: prices', "against billing's own charges and corrections, in fen", grossFen, billedGross),
    same(
      'portfolio: subsidy',
      "each funder's part added up, against billing, in fen",
      sumFen(funders),
      billedFunders,
    ),
    same(
      'portfolio: who pays adds up',
      'resident + funders + concession against prices, in fen',
      paid,
      grossFen,
    ),
  ];
}

function marginChecks({ summary, margins }: Asked, enteredFen: Fen): Check[] {
  const costs = sumFen(margins.map(({ costFen }) => costFen));
  const left = sumFen(margins.map(({ revenueFen }) => revenueFen)) - costs;
  return [
    same('portfolio: costs', 'as entered against site × kind × payer added up, in fen', enteredFen, costs),
    same(
      'portfolio: margins',
      'site × kind × payer added up against the whole, in fen',
      left,
      summary.marginFen,
    ),
  ];
}

function linesOf({ summary, margins, streets }: Asked, losing: number): string {
  const yuan = (fen: Fen): string => (fen / 100).toLocaleString('en', { minimumFractionDigits: 2 });
  const percent = summary.utilisationBp === null ? '–' : `${(summary.utilisationBp / 100).toFixed(1)} %`;
  return [
    `${summary.visits} visits at ${summary.sites} sites in ${streets.length} streets, ${percent} of capacity booked`,
    `revenue ¥${yuan(summary.revenueFen)} − costs ¥${yuan(summary.costFen)} = margin ¥${yuan(summary.marginFen)}`,
    `${margins.length} margins by site × kind × payer, ${losing} of them below zero`,
  ].join('\n');
}
