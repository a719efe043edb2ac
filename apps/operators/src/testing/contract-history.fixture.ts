import fc from 'fast-check';

type Terms = Record<string, unknown>;

/** One site's standing under one of the contracts. */
export interface Standing {
  contract: number;
  siteId: string;
  from: string;
  to: string;
}

const aLine = fc.record(
  {
    kind: fc.constantFrom('meals', 'sports', 'childcare'),
    mode: fc.constantFrom('session', 'timed'),
    regionCode: fc.constantFrom('31', '3101', '310101'),
    priceCeilingFen: fc.nat(10_000),
  },
  { requiredKeys: ['kind'] },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });

/** What an amendment may say of the terms: each of them, some, none; null takes away. */
export const someTerms = fc.record(
  {
    title: fc.string({ minLength: 1, maxLength: 9 }).map((text) => `title ${text}`.trim()),
    services: fc.uniqueArray(aLine, {
      minLength: 1,
      maxLength: 5,
      selector: ({ kind, mode, regionCode }) => `${kind} ${mode} ${regionCode}`,
    }),
    settlementCycle: fc.constantFrom('monthly', 'quarterly'),
    fee: maybe(
      fc.oneof(
        fc.record({ model: fc.constant('management_fee'), amountFen: fc.nat(9_999) }),
        fc.record({ model: fc.constant('revenue_share'), operatorShareBp: fc.nat(10_000) }),
      ),
    ),
    rent: maybe(
      fc.record(
        { amountFenPerMonth: fc.nat(9_999), marketFenPerMonth: fc.nat(9_999) },
        { requiredKeys: ['amountFenPerMonth'] },
      ),
    ),
    depositFen: maybe(fc.nat(9_999)),
    kpis: maybe(
      fc.uniqueArray(fc.record({ metric: fc.constantFrom('aa', 'bb', 'cc'), target: fc.nat(100) }), {
        selector: ({ metric }) => metric,
      }),
    ),
  },
  { requiredKeys: [] },
);

/** What was agreed on, in the order in which it was, and replayed from the beginning for each question. */
export class ContractHistory {
  private readonly changes: { on: string; terms: Terms }[][];
  private standings: Standing[] = [];

  constructor(
    private readonly signed: Terms,
    /** First day and first day that is out of each contract. */
    readonly days: { from: string; to: string }[],
  ) {
    this.changes = days.map(() => []);
  }

  amended(contract: number, on: string, terms: Terms): void {
    this.changes[contract].push({ on, terms });
  }

  termsOn(contract: number, day: string): Terms {
    const terms = this.changes[contract]
      .filter(({ on }) => on <= day)
      .reduce((former, change) => ({ ...former, ...change.terms }), this.signed);
    return Object.fromEntries(
      Object.entries(terms).flatMap(([term, value]) =>
        value === null ? (term === 'kpis' ? [[term, []]] : []) : [[term, value]],
      ),
    );
  }

  brought(standing: Standing): void {
    this.standings.push(standing);
  }

  ended(match: (standing: Standing) => boolean, on: string): void {
    this.standings = this.standings.flatMap((standing) => {
      if (!match(standing) || standing.to <= on) return [standing];
      return standing.from >= on ? [] : [{ ...standing, to: on }];
    });
  }

  endedWhole(contract: number, on: string): void {
    this.days[contract].to = on;
    this.ended((standing) => standing.contract === contract, on);
  }

  extended(contract: number, to: string): void {
    const former = this.days[contract].to;
    this.days[contract].to = to;
    for (const standing of this.standings)
      if (standing.contract === contract && standing.to === former) standing.to = to;
  }

  handedOver(contract: number, next: number, on: string): void {
    const renewed = this.days[contract].to === on;
    const moving = this.standings.filter(
      (standing) => standing.contract === contract && (standing.to > on || (renewed && standing.to === on)),
    );
    this.ended((standing) => standing.contract === contract, on);
    for (const { siteId, from } of moving)
      this.brought({ contract: next, siteId, from: from > on ? from : on, to: this.days[next].to });
  }

  sitesOn(contract: number, day: string): string[] {
    return this.standings
      .filter((standing) => standing.contract === contract && standing.from <= day && day < standing.to)
      .map(({ siteId }) => siteId)
      .sort();
  }

  /** Days on which something begins, and those before them. */
  edges(contract: number): string[] {
    const { from, to } = this.days[contract];
    const begin = [
      from,
      to,
      ...this.changes[contract].map(({ on }) => on),
      ...this.standings.filter((each) => each.contract === contract).flatMap((each) => [each.from, each.to]),
    ];
    const before = begin.map((day) =>
      new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10),
    );
    return [...new Set([...begin, ...before])].filter((day) => from <= day && day < to);
  }
}
