import type { FeeModel, SettlementCycle } from '@doorstep/contracts';
import { DomainError, type Fen, levelOf, liesWithin, type RegionCode } from '@doorstep/kernel';

export interface Fee {
  model: FeeModel;
  /** Per settlement cycle; management fee and purchased service. */
  amountFen?: Fen;
  /** The operator's part of revenue in basis points; revenue share alone. */
  operatorShareBp?: number;
}

/** Space at less than market rent in return for agreed prices (普惠). */
export interface Rent {
  amountFenPerMonth: Fen;
  /** What the same space would cost on the market; the difference is the concession. */
  marketFenPerMonth?: Fen;
}

/** A figure that the operator promised to reach, such as `utilisationBp` 6000. */
export interface KpiTarget {
  metric: string;
  target: number;
}

/** A service that may run under the contract, and the most that it may cost there. */
export interface ServiceTerms {
  kind: string;
  /** Unset: every mode of the kind. */
  mode?: string;
  /** Unset: everywhere. */
  regionCode?: RegionCode;
  priceCeilingFen?: Fen;
}

/** What the parties agreed on. Amendments replace it as a whole from a day on. */
export interface ContractTerms {
  title: string;
  services: ServiceTerms[];
  settlementCycle: SettlementCycle;
  fee?: Fee;
  rent?: Rent;
  depositFen?: Fen;
  kpis: KpiTarget[];
}

/** What a change names. Null takes away what a contract can do without. */
export type TermsChange = Partial<Pick<ContractTerms, 'title' | 'services' | 'settlementCycle'>> & {
  [Term in 'fee' | 'rent' | 'depositFen' | 'kpis']?: ContractTerms[Term] | null;
};

/** Terms after a change: what it names replaces the former as a whole, the rest stays. */
export function changedTerms(former: ContractTerms, changes: TermsChange): ContractTerms {
  return checkTerms({ ...former, ...changes } as ContractTerms);
}

/** The ceiling that holds for a service at a place: the narrowest line that covers it decides. */
export function ceilingFor(
  services: readonly ServiceTerms[],
  kind: string,
  mode: string,
  region: RegionCode,
): { allowed: boolean; priceCeilingFen?: Fen } {
  const covering = services.filter(
    (line) =>
      line.kind === kind &&
      (line.mode === undefined || line.mode === mode) &&
      (line.regionCode === undefined || liesWithin(region, line.regionCode)),
  );
  if (covering.length === 0) return { allowed: false };
  const [narrowest] = covering.sort((a, b) => narrowness(b) - narrowness(a));
  return { allowed: true, priceCeilingFen: narrowest.priceCeilingFen };
}

/** A mode outweighs any region; of two regions the longer code is the narrower. */
function narrowness(line: ServiceTerms): number {
  return (line.mode === undefined ? 0 : 100) + (line.regionCode?.length ?? 0);
}

/**
 * The lines of regions that were given up hold for what took their place, too, unless the terms name that themselves; of
 * several that come together in one region the lowest ceiling holds, until the parties agree on something else.
 */
export function carriedOver(
  services: readonly ServiceTerms[],
  successors: ReadonlyMap<RegionCode, readonly RegionCode[]>,
): ServiceTerms[] {
  const named = new Set(services.map(identityOf));
  const carried = new Map<string, ServiceTerms>();
  for (const line of services) {
    for (const regionCode of successors.get(line.regionCode ?? '') ?? []) {
      const next = { ...line, regionCode };
      const other = carried.get(identityOf(next));
      const lower = !other || (next.priceCeilingFen ?? Infinity) < (other.priceCeilingFen ?? Infinity);
      if (lower && !named.has(identityOf(next))) carried.set(identityOf(next), next);
    }
  }
  return [...services, ...carried.values()];
}

function identityOf({ kind, mode, regionCode }: ServiceTerms): string {
  return [kind, mode, regionCode].join('|');
}

export function kindsOf(terms: ContractTerms): Set<string> {
  return new Set(terms.services.map((line) => line.kind));
}

/** Refuses terms that contradict themselves, and says what is not there in one way: by leaving it out. */
export function checkTerms(given: ContractTerms): ContractTerms {
  const terms = { ...withoutNulls(given), kpis: given.kpis ?? [] };
  if (terms.title.trim() === '') {
    throw refused('title_empty', 'The contract has no title.', 'title', 'Give the title of the contract.');
  }
  if (terms.services.length === 0) {
    throw refused(
      'services_empty',
      'A contract without services lets nothing run.',
      'services',
      'Name at least one kind of service.',
    );
  }
  checkServices(terms.services);
  if (terms.fee) checkFee(terms.fee);
  const metrics = terms.kpis.map((kpi) => kpi.metric);
  const twice = metrics.findIndex((metric, index) => metrics.indexOf(metric) !== index);
  if (twice >= 0) {
    throw refused(
      'kpi_twice',
      `The target ${metrics[twice]} is given twice.`,
      `kpis[${twice}].metric`,
      'Give each target once.',
    );
  }
  return { ...terms, title: terms.title.trim() };
}

function withoutNulls<T extends object>(terms: T): T {
  return JSON.parse(JSON.stringify(terms), (_key, value: unknown) => value ?? undefined) as T;
}

function checkServices(services: readonly ServiceTerms[]): void {
  const seen = new Map<string, number>();
  services.forEach((line, index) => {
    if (line.regionCode !== undefined && !levelOf(line.regionCode)) {
      throw refused(
        'region_code_malformed',
        `${line.regionCode} is no region code.`,
        `services[${index}].regionCode`,
        'A code has 2, 4, 6, 9 or 12 digits.',
      );
    }
    const identity = identityOf(line);
    const first = seen.get(identity);
    if (first !== undefined) {
      throw refused(
        'service_twice',
        `services[${index}] says the same as services[${first}].`,
        `services[${index}]`,
        'Name each combination of kind, mode and region once.',
      );
    }
    seen.set(identity, index);
  });
}

function checkFee(fee: Fee): void {
  const share = fee.model === 'revenue_share';
  if (share && fee.operatorShareBp === undefined) {
    throw refused(
      'fee_share_missing',
      'A share of revenue needs the share.',
      'fee.operatorShareBp',
      'Give it in basis points: 10 000 is the whole.',
    );
  }
  if (!share && fee.amountFen === undefined) {
    throw refused(
      'fee_amount_missing',
      `A ${fee.model} needs an amount.`,
      'fee.amountFen',
      'Give it in fen.',
    );
  }
}

function refused(code: string, reason: string, field: string, mend: string): DomainError {
  return new DomainError('invalid', code, reason, { field, mend });
}
