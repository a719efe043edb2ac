import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import type { HandOverDto } from './amendments.dto';
import { type Contract, endOf, holdsItsSites } from './contract';
import { ContractNews } from './contract-news.service';
import type { BroughtSitesDto } from './contract-sites.dto';
import { cutSites, insertSites, sitesOf, type StoredContractSite } from './contract-sites.queries';
import { show } from './contract-sites.service';
import { loadContract, type StoredContract } from './contracts.queries';
import { checkedDay } from './contracts.service';
import { handOver } from './handover';
import { isRaced, refuseHeld, refuseListed } from './site-holds.queries';

/** Moves sites between two contracts in one transaction. */
@Injectable()
export class HandoversService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: ContractNews,
  ) {}

  async handOver(fromId: string, command: HandOverDto): Promise<BroughtSitesDto> {
    const on = checkedDay(command.on, 'on');
    return this.db.write(async (tx) => {
      const [from, to] = await this.lockBoth(tx, fromId, command.toContractId);
      checkAuthority(from, to);
      const sites = await this.select(tx, from, on, command.siteIds);
      const moves = handOver(from, to, sites, on, this.calendar.today());
      const ended = await cutSites(
        tx,
        fromId,
        moves.map(({ ended: { id } }) => id),
        on,
      );
      const begun = moves.map((move) => ({ ...move.begun, continues: move.ended.id }));
      await refuseListed(tx, to, begun, 'siteIds');
      if (holdsItsSites(to)) await refuseHeld(this.db, to, begun, 'siteIds');
      const brought = await insertSites(tx, to, begun, this.clock.now());
      await this.tell(tx, from, ended, { handedOverTo: to.id, on });
      await this.tell(tx, to, brought, { takenOverFrom: from.id, on });
      return { items: brought.map(show) };
    }, isRaced);
  }

  /** Always in the same order, so that two handovers in opposite directions don't wait for each other. */
  private async lockBoth(tx: Tx, fromId: string, toId: string): Promise<[StoredContract, StoredContract]> {
    const on = this.calendar.today();
    const [first, second] = [fromId, toId].sort();
    const loaded = [
      await loadContract(tx, first, { on, lock: true }),
      await loadContract(tx, second, { on, lock: true }),
    ];
    return fromId === first ? [loaded[0], loaded[1]] : [loaded[1], loaded[0]];
  }

  private async select(
    tx: Tx,
    from: Contract,
    on: string,
    siteIds: readonly string[] | undefined,
  ): Promise<StoredContractSite[]> {
    // On the day on which the contract itself is out, its sites are those that ran to its end.
    const renewed = endOf(from) === on;
    const standing = (await sitesOf(tx, from.id)).filter(
      (site) => site.to > on || (renewed && site.to === on),
    );
    if (!siteIds) return standing;
    const wanted = new Set(siteIds);
    const found = standing.filter((site) => wanted.has(site.siteId));
    const missing = siteIds.filter((id) => !found.some((site) => site.siteId === id));
    if (missing.length === 0) return found;
    throw new DomainError(
      'invalid',
      'site_not_under_contract',
      `${missing.length} site(s) don't stand under it then.`,
      {
        field: 'siteIds',
        mend: 'Take ids from GET /v1/contracts/{id}/sites?asOf=….',
        siteIds: missing.slice(0, 20),
      },
    );
  }

  private async tell(
    tx: Tx,
    contract: StoredContract,
    sites: StoredContractSite[],
    facts: Record<string, unknown>,
  ): Promise<void> {
    const version = contract.version + 1;
    await tx.sql(`UPDATE contract SET version = $2 WHERE id = $1`, [contract.id, version]);
    await this.audit.record(tx, {
      action: 'contracts:hand-over',
      entityId: contract.id,
      operatorId: contract.operatorId,
      facts: { ...facts, sites: sites.length },
    });
    await this.news.tell(tx, { ...contract, version }, sites);
  }
}

/** It changes two signed contracts at once: the authority of both may say so, the operator alone may not. */
function checkAuthority(from: Contract, to: Contract): void {
  const { organisationId, roles } = currentActor();
  if (roles.includes('administrator')) return;
  if (organisationId === from.authorityId && organisationId === to.authorityId) return;
  throw new DomainError(
    'forbidden',
    'authority_needed',
    'Sites are handed over by the authority of both contracts.',
    {
      mend: 'Ask the authority, or propose amendments: one that ends the standings, one that adds the sites.',
    },
  );
}
