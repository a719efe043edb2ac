import { Injectable } from '@nestjs/common';
import {
  type ContractMoney,
  type ContractService,
  ContractSiteSnapshot,
  ContractSnapshot,
  event,
  type ServiceMode,
} from '@doorstep/contracts';
import { Clock, type Tx } from '@doorstep/platform';
import { endOf } from './contract';
import type { StoredContractSite } from './contract-sites.queries';
import type { StoredContract } from './contracts.queries';
import { revisionsOf } from './revisions.queries';
import { successorsOf } from './successors.queries';
import { carriedOver, type ContractTerms, type ServiceTerms } from './terms';

type Told = Omit<StoredContract, 'createdAt' | 'activationRefusal'>;

/** Tells the other services how contracts and the sites under them stand. */
@Injectable()
export class ContractNews {
  constructor(private readonly clock: Clock) {}

  /**
   * To be called when the contract, its terms and its sites are written.
   *
   * @param contract with the terms of today
   */
  async tell(tx: Tx, contract: Told, sites: readonly StoredContractSite[] = []): Promise<void> {
    const revisions = await revisionsOf(tx, contract.id);
    const lines = revisions.flatMap(({ terms }) => terms.services);
    const successors = await successorsOf(tx, [
      ...new Set(lines.flatMap(({ regionCode }) => regionCode ?? [])),
    ]);
    const servicesOf = (services: readonly ServiceTerms[]) => told(carriedOver(services, successors));
    const [{ begun }] = await tx.sql<{ begun: boolean }>(
      `UPDATE contract SET told_revision = $2 WHERE id = $1 RETURNING begun`,
      [contract.id, contract.revision],
    );
    const at = this.clock.now().toISOString();
    tx.tell(
      event(ContractSnapshot, {
        operatorId: contract.operatorId,
        contractId: contract.id,
        authorityId: contract.authorityId,
        number: contract.number,
        status: contract.status,
        from: contract.from,
        to: endOf(contract),
        services: servicesOf(contract.terms.services),
        revisions: revisions.map(({ revision, from, to, terms }) => ({
          revision,
          from,
          to,
          services: servicesOf(terms.services),
          money: moneyOf(terms),
        })),
        begun,
        version: contract.version,
        at,
      }),
    );
    for (const site of sites) {
      tx.tell(
        event(ContractSiteSnapshot, {
          operatorId: site.operatorId,
          contractSiteId: site.id,
          contractId: site.contractId,
          siteId: site.siteId,
          from: site.from,
          // What never stood covers no day.
          to: site.withdrawn ? site.from : site.to,
          kinds: site.kinds,
          inForce: site.inForce,
          ...(site.continues !== null && { continues: site.continues }),
          version: site.version,
          at,
        }),
      );
    }
  }
}

function moneyOf({ settlementCycle, fee, rent, depositFen }: ContractTerms): ContractMoney {
  return {
    settlementCycle,
    ...(fee !== undefined && { fee }),
    ...(rent !== undefined && { rent }),
    ...(depositFen !== undefined && { depositFen }),
  };
}

function told(services: readonly ServiceTerms[]): ContractService[] {
  return services.map(({ kind, mode, regionCode, priceCeilingFen }) => ({
    kind,
    ...(mode !== undefined && { mode: mode as ServiceMode }),
    ...(regionCode !== undefined && { regionCode }),
    ...(priceCeilingFen !== undefined && { priceCeilingFen }),
  }));
}
