import { type Day, type Fen, liesWithin, type RegionCode } from '@doorstep/kernel';

/** A service that a contract lets run, and the most that it may cost. */
export interface ContractedService {
  kind: string;
  /** Unset: every mode. */
  mode?: string;
  /** Unset: everywhere. */
  regionCode?: RegionCode;
  priceCeilingFen?: Fen;
}

/** A site's standing under a contract, with what was agreed on. Days are half-open. */
export interface Standing {
  from: Day;
  to: Day;
  inForce: boolean;
  /** Kinds that may run there; empty: all of the contract's. */
  kinds: string[];
  services: ContractedService[];
  revisions: { from: Day; to: Day; services: ContractedService[] }[] | null;
}

export interface OfferedService {
  kind: string;
  mode: string;
  regionCode: RegionCode;
}

/**
 * The most that a service may cost on a day by the contract that its site stands under; undefined when no contract says.
 * Of several lines that fit, one with a mode wins, then the one of the longest region code.
 */
export function ceilingOn(
  standings: readonly Standing[],
  offered: OfferedService,
  day: Day,
): Fen | undefined {
  const standing = standings.find(({ from, to, inForce }) => inForce && from <= day && day < to);
  if (!standing || (standing.kinds.length > 0 && !standing.kinds.includes(offered.kind))) return undefined;
  const fitting = servicesOn(standing, day).filter(
    (line) =>
      line.kind === offered.kind &&
      (line.mode === undefined || line.mode === offered.mode) &&
      (line.regionCode === undefined || liesWithin(offered.regionCode, line.regionCode)),
  );
  return fitting.sort((a, b) => narrowness(b) - narrowness(a))[0]?.priceCeilingFen;
}

/** A snapshot without revisions tells the services of its day alone, which then hold throughout. */
function servicesOn({ services, revisions }: Standing, day: Day): ContractedService[] {
  if (!revisions) return services;
  return revisions.find(({ from, to }) => from <= day && day < to)?.services ?? [];
}

/** A mode outweighs any region code. */
function narrowness({ mode, regionCode }: ContractedService): number {
  return (mode === undefined ? 0 : 100) + (regionCode?.length ?? 0);
}
