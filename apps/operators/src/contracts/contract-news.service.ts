import { Injectable } from '@nestjs/common';
import { ContractSiteSnapshot, ContractSnapshot, event, type ServiceMode } from '@doorstep/contracts';
import { Clock, type Tx } from '@doorstep/platform';
import { type Contract, endOf } from './contract';
import type { StoredContractSite } from './contract-sites.queries';

/** Tells the other services how contracts and the sites under them stand. */
@Injectable()
export class ContractNews {
  constructor(private readonly clock: Clock) {}

  tell(tx: Tx, contract: Contract, sites: readonly StoredContractSite[] = []): void {
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
        services: contract.terms.services.map(({ kind, mode, priceCeilingFen }) => ({
          kind,
          ...(mode !== undefined && { mode: mode as ServiceMode }),
          ...(priceCeilingFen !== undefined && { priceCeilingFen }),
        })),
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
          to: site.to,
          kinds: site.kinds,
          inForce: site.inForce,
          version: site.version,
          at,
        }),
      );
    }
  }
}
