import { Injectable } from '@nestjs/common';
import { canonicalJson, newId, sha256Hex } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { KnownSites } from '../sites/known-sites.service';
import {
  type AmendmentChanges,
  type AmendmentEffect,
  effectOf,
  signAmendment,
  withdrawAmendment,
} from './amendment';
import { type Contract, holdsItsSites } from './contract';
import { ContractNews } from './contract-news.service';
import {
  cutSites,
  extendSites,
  insertSites,
  sitesOf,
  type StoredContractSite,
} from './contract-sites.queries';
import type { AmendmentDto, ProposeAmendmentDto } from './amendments.dto';
import {
  insertAmendment,
  listAmendments,
  loadAmendment,
  nextOrdinal,
  saveAmendment,
  saveAmendmentSignature,
  type StoredAmendment,
} from './amendments.queries';
import { loadContract, type StoredContract } from './contracts.queries';
import { checkedDay, termsIn } from './contracts.service';
import { extendLastRevision, insertRevision, revisionsOf } from './revisions.queries';
import { isRaced, refuseHeld, refuseListed } from './site-holds.queries';

/** Changes of signed contracts. Everything happens under the contract's lock. */
@Injectable()
export class AmendmentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: ContractNews,
    private readonly knownSites: KnownSites,
  ) {}

  /** Tried out before it is taken: what could not be agreed on today is refused today. */
  async propose(contractId: string, command: ProposeAmendmentDto): Promise<AmendmentDto> {
    const effectiveOn = checkedDay(command.effectiveOn, 'effectiveOn');
    await this.knownSites.settle((command.addSites ?? []).map(({ siteId }) => siteId));
    return this.db.write(async (tx) => {
      const contract = await this.lock(tx, contractId);
      const amendment: StoredAmendment = {
        id: newId(),
        contractId,
        ordinal: await nextOrdinal(tx, contractId),
        effectiveOn,
        changes: changesOf(command),
        note: command.note ?? null,
        status: 'proposed',
        signatures: [],
        proposedBy: currentActor().id,
        version: 1,
        createdAt: this.clock.now(),
      };
      await insertAmendment(tx, contract, amendment);
      await this.tryOut(tx, contract, amendment);
      await this.record(tx, 'contracts:propose-amendment', contract, amendment);
      return amendment;
    }, isRaced);
  }

  sign(contractId: string, id: string): Promise<AmendmentDto> {
    return this.db.write(async (tx) => {
      const contract = await this.lock(tx, contractId);
      const amendment = await loadAmendment(tx, contractId, id);
      const { ordinal, effectiveOn, changes } = amendment;
      const digest = sha256Hex(
        canonicalJson({ contract: contract.number, contractId, ordinal, effectiveOn, changes }),
      );
      const signed = signAmendment(amendment, contract, currentActor(), digest, this.clock.now());
      await saveAmendmentSignature(tx, contract, signed, signed.signatures[signed.signatures.length - 1]);
      await saveAmendment(tx, signed);
      await this.record(tx, 'contracts:sign-amendment', contract, signed);
      if (signed.status === 'agreed') {
        const sites = await this.apply(tx, contract, amendment);
        await this.news.tell(tx, await loadContract(tx, contractId, { on: this.calendar.today() }), sites);
      }
      return { ...amendment, ...signed };
    }, isRaced);
  }

  withdraw(contractId: string, id: string): Promise<AmendmentDto> {
    return this.db.write(async (tx) => {
      const contract = await this.lock(tx, contractId);
      const amendment = await loadAmendment(tx, contractId, id);
      const withdrawn = withdrawAmendment(amendment);
      await saveAmendment(tx, withdrawn);
      await this.record(tx, 'contracts:withdraw-amendment', contract, withdrawn);
      return { ...amendment, ...withdrawn };
    });
  }

  find(contractId: string, id: string): Promise<AmendmentDto> {
    return this.db.read((tx) => loadAmendment(tx, contractId, id));
  }

  list(contractId: string, query: { limit: number; cursor?: string }): Promise<Page<AmendmentDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      await loadContract(tx, contractId, { on: this.calendar.today() });
      const page = { ...(after && { after: Number(after[0]) }), limit: query.limit + 1 };
      const rows = await listAmendments(tx, contractId, page);
      return pageOf(
        rows,
        query.limit,
        (row) => [row.ordinal],
        (row): AmendmentDto => row,
      );
    });
  }

  private lock(tx: Tx, contractId: string): Promise<StoredContract> {
    return loadContract(tx, contractId, { on: this.calendar.today(), lock: true });
  }

  /** Applies it and takes everything back. */
  private async tryOut(tx: Tx, contract: StoredContract, amendment: StoredAmendment): Promise<void> {
    await tx.sql('SAVEPOINT tried');
    await this.apply(tx, contract, amendment);
    await tx.sql('ROLLBACK TO SAVEPOINT tried');
  }

  /** @returns the standings that changed, each once */
  private async apply(
    tx: Tx,
    contract: StoredContract,
    amendment: StoredAmendment,
  ): Promise<StoredContractSite[]> {
    const revisions = await revisionsOf(tx, contract.id);
    const last = revisions[revisions.length - 1];
    const standing = await sitesOf(tx, contract.id);
    const effect = effectOf(contract, last, standing, amendment, this.calendar.today());
    const siteIds = effect.additions.map(({ siteId }) => siteId);
    await this.knownSites.check(contract.operatorId, siteIds, 'addSites[#].siteId');

    const on = amendment.effectiveOn;
    const ended = await cutSites(
      tx,
      contract.id,
      effect.endings.map(({ id }) => id),
      on,
    );
    await tx.sql(`UPDATE contract SET to_day = $2, version = $3 WHERE id = $1`, [
      contract.id,
      effect.contract.to,
      effect.contract.version,
    ]);
    const extended = await this.extend(tx, contract, effect);
    if (effect.terms) {
      const createdAt = this.clock.now();
      await insertRevision(tx, effect.contract, effect.terms, {
        from: on,
        amendmentId: amendment.id,
        createdAt,
      });
    }
    const added = await this.add(tx, effect);
    const changed = [...ended, ...extended, ...added];
    return [...new Map(changed.map((site) => [site.id, site])).values()];
  }

  private async extend(
    tx: Tx,
    former: Contract,
    { contract }: AmendmentEffect,
  ): Promise<StoredContractSite[]> {
    if (contract.to === former.to) return [];
    await extendLastRevision(tx, contract, former.to);
    if (holdsItsSites(contract)) {
      const further = (await sitesOf(tx, contract.id)).filter(({ to }) => to === former.to);
      const wanted = further.map(({ siteId }) => ({ siteId, from: former.to, to: contract.to }));
      await refuseHeld(this.db, contract, wanted, { whole: 'to' });
    }
    return extendSites(tx, contract, former.to);
  }

  private async add(tx: Tx, { contract, additions }: AmendmentEffect): Promise<StoredContractSite[]> {
    if (additions.length === 0) return [];
    await refuseListed(tx, contract, additions, 'addSites');
    if (holdsItsSites(contract)) await refuseHeld(this.db, contract, additions, 'addSites');
    return insertSites(tx, contract, additions, this.clock.now());
  }

  private record(
    tx: Tx,
    action: string,
    contract: Contract,
    amendment: StoredAmendment | { id: string; status: string },
  ) {
    return this.audit.record(tx, {
      action,
      entityId: contract.id,
      operatorId: contract.operatorId,
      facts: { amendmentId: amendment.id, status: amendment.status },
    });
  }
}

function changesOf({ terms, to, addSites, endSites }: ProposeAmendmentDto): AmendmentChanges {
  const named = terms && termsIn(terms);
  return {
    ...(named && Object.keys(named).length > 0 && { terms: named }),
    ...(to !== undefined && { to }),
    ...(addSites && addSites.length > 0 && { addSites }),
    ...(endSites && endSites.length > 0 && { endSites }),
  };
}
