import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError, sha256Hex } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import {
  activateContract,
  closeContract,
  type Contract,
  dueCommand,
  resumeContract,
  signContract,
  suspendContract,
  terminateContract,
} from './contract';
import { ContractNews } from './contract-news.service';
import { alignSites, sitesOf } from './contract-sites.queries';
import type { ContractDto, SignContractDto, TerminateContractDto } from './contracts.dto';
import { loadContract, saveSignature, saveStanding, type StoredContract } from './contracts.queries';
import { show } from './contracts.service';
import { isRaced, refuseHeld } from './site-holds.queries';

/** Takes contracts through their life. Every step locks the contract, so two at once happen one after the other. */
@Injectable()
export class ContractLifecycle {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: ContractNews,
  ) {}

  sign(id: string, { version }: SignContractDto): Promise<ContractDto> {
    return this.db.write(async (tx) => {
      const contract = await this.load(tx, id);
      if (version !== undefined && version !== contract.version) throw changedSince(contract);
      const digest = await digestOf(tx, contract);
      const next = signContract(contract, currentActor(), digest, this.clock.now());
      const signature = next.signatures[next.signatures.length - 1];
      await saveSignature(tx, next, signature);
      return this.save(tx, 'contracts:sign', contract, next, { party: signature.party, digest });
    });
  }

  /** Repeating it does no harm: the calendar may have been faster. */
  activate(id: string): Promise<ContractDto> {
    return this.db.write(async (tx) => {
      const contract = await this.load(tx, id);
      if (contract.status === 'active') return show(contract);
      const next = activateContract(contract, this.calendar.today());
      await refuseHeld(this.db, next, await sitesOf(tx, id), 'sites');
      return this.save(tx, 'contracts:activate', contract, next);
    }, isRaced);
  }

  suspend(id: string, reason: string): Promise<ContractDto> {
    return this.step(id, 'contracts:suspend', (contract) => suspendContract(contract, reason), { reason });
  }

  resume(id: string): Promise<ContractDto> {
    return this.step(id, 'contracts:resume', resumeContract);
  }

  terminate(id: string, { on, reason }: TerminateContractDto): Promise<ContractDto> {
    const today = this.calendar.today();
    return this.step(
      id,
      'contracts:terminate',
      (contract) => terminateContract(contract, { on, reason }, today),
      {
        on: on ?? today,
        reason,
      },
    );
  }

  /** Does what the day asks of a contract; nothing when somebody has done it meanwhile. */
  async followCalendar(id: string): Promise<void> {
    const today = this.calendar.today();
    const due = await this.db.read(async (tx) =>
      dueCommand(await loadContract(tx, id, { on: today }), today),
    );
    if (due === 'activate') await this.activate(id);
    else if (due) await this.step(id, `contracts:${due}`, (contract) => closeContract(contract, due));
  }

  /** Tells the terms that an amendment brought for today; nothing about the contract itself has changed. */
  async tellTerms(id: string): Promise<void> {
    await this.db.write(async (tx) => {
      const contract = await this.load(tx, id);
      const version = contract.version + 1;
      await tx.sql(`UPDATE contract SET version = $2 WHERE id = $1`, [id, version]);
      await this.news.tell(tx, { ...contract, version });
    });
  }

  private step(
    id: string,
    action: string,
    decide: (contract: Contract) => Contract,
    facts?: Record<string, unknown>,
  ): Promise<ContractDto> {
    return this.db.write(async (tx) => {
      const contract = await this.load(tx, id);
      return this.save(tx, action, contract, decide(contract), facts);
    });
  }

  private load(tx: Tx, id: string): Promise<StoredContract> {
    return loadContract(tx, id, { on: this.calendar.today(), lock: true });
  }

  private async save(
    tx: Tx,
    action: string,
    former: StoredContract,
    next: Contract,
    facts: Record<string, unknown> = {},
  ): Promise<ContractDto> {
    await saveStanding(tx, next);
    const sites = await alignSites(tx, next);
    await this.audit.record(tx, {
      action,
      entityId: next.id,
      operatorId: next.operatorId,
      facts: { ...facts, from: former.status, to: next.status, sites: sites.length },
    });
    const stored = { ...former, ...next, activationRefusal: null };
    await this.news.tell(tx, stored, sites);
    return show(stored);
  }
}

/** What the parties put their names to. */
async function digestOf(tx: Tx, contract: Contract): Promise<string> {
  const { number, form, authorityId, operatorId, from, to, terms } = contract;
  const sites = (await sitesOf(tx, contract.id))
    .map(({ siteId, from: begins, to: ends, kinds }) => ({ siteId, from: begins, to: ends, kinds }))
    .sort((a, b) => (`${a.siteId}${a.from}` < `${b.siteId}${b.from}` ? -1 : 1));
  return sha256Hex(canonicalJson({ number, form, authorityId, operatorId, from, to, terms, sites }));
}

function changedSince({ version }: Contract): DomainError {
  return new DomainError(
    'conflict',
    'contract_changed',
    `The contract has changed: it is version ${version} now.`,
    {
      mend: 'Read it again and sign that.',
      version,
    },
  );
}
