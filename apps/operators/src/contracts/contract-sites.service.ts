import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { KnownSites } from '../sites/known-sites.service';
import { type Contract, holdsItsSites } from './contract';
import { ContractNews } from './contract-news.service';
import { bringUnder } from './contract-site';
import type {
  BringSitesDto,
  BroughtSitesDto,
  ContractSiteDto,
  ContractSitesQuery,
  ListedSiteDto,
} from './contract-sites.dto';
import {
  insertSites,
  listSites,
  type ListedSite,
  type StoredContractSite,
  withdrawSite,
} from './contract-sites.queries';
import { dropSignatures, loadContract, type StoredContract } from './contracts.queries';
import { checkedDay } from './contracts.service';
import { isRaced, refuseHeld, refuseListed } from './site-holds.queries';

/** Which sites stand under a contract. */
@Injectable()
export class ContractSitesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: ContractNews,
    private readonly knownSites: KnownSites,
  ) {}

  /** All sites of the call or none, in a handful of statements. */
  async bring(contractId: string, { sites }: BringSitesDto): Promise<BroughtSitesDto> {
    const siteIds = sites.map(({ siteId }) => siteId);
    await this.knownSites.settle(siteIds);
    return this.db.write(async (tx) => {
      const contract = await this.lockForSites(tx, contractId);
      const rows = bringUnder(contract, sites);
      await this.knownSites.check(contract.operatorId, siteIds, 'sites[#].siteId');
      await refuseListed(tx, contract, rows, 'sites');
      if (holdsItsSites(contract)) await refuseHeld(this.db, contract, rows, 'sites');
      const changed = await this.count(tx, contract);
      const brought = await insertSites(tx, changed, rows, this.clock.now());
      await this.record(tx, changed, { brought: brought.length });
      await this.news.tell(tx, changed, brought);
      return { items: brought.map(show) };
    }, isRaced);
  }

  /** Takes a site off a draft; later a standing ends by amendment, handover or with the contract. */
  async withdraw(contractId: string, id: string): Promise<void> {
    await this.db.write(async (tx) => {
      const contract = await this.lockForSites(tx, contractId);
      if (contract.status !== 'draft') throw byAmendmentOnly(contract);
      const site = await withdrawSite(tx, contractId, id);
      if (!site) throw notFound('contract site', id);
      const changed = await this.count(tx, contract);
      await this.record(tx, changed, { withdrawn: site.siteId });
      await this.news.tell(tx, changed, [site]);
    });
  }

  list(contractId: string, query: ContractSitesQuery): Promise<Page<ListedSiteDto>> {
    const after = decodeCursor(query.cursor, 1);
    const asOf = query.asOf === undefined ? undefined : checkedDay(query.asOf, 'asOf');
    return this.db.read(async (tx) => {
      await loadContract(tx, contractId, { on: this.calendar.today() });
      const rows = await listSites(tx, contractId, {
        asOf,
        siteId: query.siteId,
        siteIds: currentActor().siteIds,
        ...(after && { after: String(after[0]) }),
        limit: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], showListed);
    });
  }

  /**
   * Either party fills a draft. Once it is signed, the authority lets more sites be run by its own word; the operator
   * proposes an amendment for that.
   */
  private async lockForSites(tx: Tx, contractId: string): Promise<StoredContract> {
    const contract = await loadContract(tx, contractId, { on: this.calendar.today(), lock: true });
    const { organisationId, roles } = currentActor();
    const may = roles.includes('administrator') || organisationId === contract.authorityId;
    if (contract.status === 'draft' || may) return contract;
    throw byAmendmentOnly(contract);
  }

  /** Counts the contract's version up; a draft's signatures fall away, for they were given for other sites. */
  private async count<C extends Contract>(tx: Tx, contract: C): Promise<C> {
    const version = contract.version + 1;
    await tx.sql(`UPDATE contract SET version = $2 WHERE id = $1`, [contract.id, version]);
    if (contract.status !== 'draft') return { ...contract, version };
    await dropSignatures(tx, contract.id);
    return { ...contract, signatures: [], version };
  }

  private record(tx: Tx, { id, operatorId }: Contract, facts: Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, { action: 'contracts:amend', entityId: id, operatorId, facts });
  }
}

function byAmendmentOnly({ status }: Contract): DomainError {
  return new DomainError(
    'conflict',
    'amendment_needed',
    `The sites of a contract that is ${status} are agreed on.`,
    {
      mend: 'Propose an amendment, which both parties sign.',
      status,
    },
  );
}

export function show(site: StoredContractSite): ContractSiteDto {
  const { id, contractId, siteId, from, to, kinds, inForce, version } = site;
  return { id, contractId, siteId, from, to, kinds, inForce, version };
}

function showListed(site: ListedSite): ListedSiteDto {
  const { siteCode, siteName, regionCode } = site;
  return { ...show(site), siteCode, siteName, regionCode };
}
