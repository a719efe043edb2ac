import { Injectable } from '@nestjs/common';
import { type Day, DomainError, isDay, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  isTwin,
  type Page,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { loadOrganisation } from '../organisations/organisations.service';
import { Calendar } from '../shared/calendar.service';
import { changeDraft, type Contract, draftContract } from './contract';
import { ContractNews } from './contract-news.service';
import { moveDraftSites, sitesOf } from './contract-sites.queries';
import type { ChangeDraftDto, ContractDto, ContractsQuery, DraftContractDto } from './contracts.dto';
import {
  insertContract,
  listContracts,
  loadContract,
  numberTaken,
  saveDraft,
  type StoredContract,
} from './contracts.queries';
import { type ContractTerms, kindsOf, type TermsChange } from './terms';
import type { ContractTermsDto } from './terms.dto';

@Injectable()
export class ContractsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
    private readonly news: ContractNews,
  ) {}

  draft(command: DraftContractDto): Promise<ContractDto> {
    return this.db.write(async (tx) => {
      const parties = await this.partiesOf(tx, command);
      const { number, form, from, to } = command;
      const contract = draftContract(
        { ...parties, number, form, from, to, terms: termsIn(command) as ContractTerms },
        newId(),
      );
      const createdAt = this.clock.now();
      if (!(await insertContract(tx, contract, createdAt))) throw numberIsTaken(number);
      await this.record(tx, 'contracts:create', contract, { number });
      const stored = { ...contract, revision: 1, activationRefusal: null, createdAt };
      await this.news.tell(tx, stored);
      return show(stored);
    });
  }

  /** Changes a draft; whoever had signed has to sign again. */
  change(id: string, command: ChangeDraftDto): Promise<ContractDto> {
    return this.db.write(async (tx) => {
      const former = await loadContract(tx, id, { on: this.calendar.today(), lock: true });
      const { number, form, from, to } = command;
      const head = withoutUndefined({ number, form, from, to });
      const next = changeDraft(former, { ...head, terms: termsIn(command) });
      if (await numberTaken(this.db, next)) throw numberIsTaken(next.number);
      await checkSitesStillFit(tx, former, next);
      const moved = await moveDraftSites(tx, former, next);
      await saveDraft(tx, next);
      await this.record(tx, 'contracts:amend', next, { fields: Object.keys(command) });
      const stored = { ...former, ...next };
      await this.news.tell(tx, stored, moved);
      return show(stored);
    }, isTwin);
  }

  find(id: string, asOf?: Day): Promise<ContractDto> {
    const on = asOf === undefined ? this.calendar.today() : checkedDay(asOf, 'asOf');
    return this.db.read(async (tx) => show(await loadContract(tx, id, { on })));
  }

  list(query: ContractsQuery): Promise<Page<ContractDto>> {
    const after = decodeCursor(query.cursor, 1);
    const { status, operatorId, authorityId, siteId, number, limit } = query;
    const filter = { status, operatorId, authorityId, siteId, number, limit: limit + 1 };
    return this.db.read(async (tx) => {
      const rows = await listContracts(tx, this.calendar.today(), {
        ...filter,
        ...(after && { after: String(after[0]) }),
      });
      return pageOf(rows, limit, (row) => [row.id], show);
    });
  }

  /** Each party drafts contracts of its own; administrators draft any. */
  private async partiesOf(
    tx: Tx,
    command: DraftContractDto,
  ): Promise<{ operatorId: string; authorityId: string }> {
    const actor = currentActor();
    const administrator = actor.roles.includes('administrator');
    const own = (id: string | null, kind: 'operatorId' | 'authorityId'): string => {
      if (id) return id;
      throw new DomainError('invalid', 'party_missing', 'A contract has two parties.', {
        field: kind,
        mend: `Give the ${kind}.`,
      });
    };
    const operatorId = own(command.operatorId ?? actor.operatorId, 'operatorId');
    const authorityId = own(command.authorityId ?? actor.organisationId, 'authorityId');
    const operator = await loadOrganisation(tx, operatorId);
    const authority = await loadOrganisation(tx, authorityId);
    if (operator.kind !== 'operator' || operator.parentId)
      throw wrongParty('operatorId', "an operator's head office");
    if (authority.kind !== 'authority') throw wrongParty('authorityId', 'an authority');
    if (!administrator && operatorId !== actor.operatorId && authorityId !== actor.organisationId) {
      throw new DomainError(
        'forbidden',
        'not_a_party',
        'You can only draft contracts of your own organisation.',
        {
          mend: 'Be one of the parties, or ask an administrator.',
        },
      );
    }
    return { operatorId, authorityId };
  }

  private record(tx: Tx, action: string, contract: Contract, facts?: Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, { action, entityId: contract.id, operatorId: contract.operatorId, facts });
  }
}

/** The contract as the API shows it: head and terms side by side. */
export function show(contract: StoredContract): ContractDto {
  const { terms, ...head } = contract;
  return { ...head, ...terms };
}

export function checkedDay(day: Day, field: string): Day {
  if (isDay(day)) return day;
  throw new DomainError('malformed', 'not_a_day', `${day} is not a day of the calendar.`, {
    field,
    mend: 'Write days as YYYY-MM-DD.',
  });
}

/** The terms that a body names; the rest stays as it was. */
export function termsIn(body: Partial<ContractTermsDto>): TermsChange {
  const { title, services, settlementCycle, fee, rent, depositFen, kpis } = body;
  return withoutUndefined({ title, services, settlementCycle, fee, rent, depositFen, kpis });
}

function withoutUndefined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** A draft's days and services may only change where its sites still fit in. */
async function checkSitesStillFit(tx: Tx, former: Contract, next: Contract): Promise<void> {
  const kinds = kindsOf(next.terms);
  const sites = await sitesOf(tx, next.id);
  const outside = sites.filter(
    (site) =>
      (site.from !== former.from && site.from < next.from) ||
      (site.to !== former.to && site.to > next.to) ||
      (site.from === former.from ? next.from : site.from) >= (site.to === former.to ? next.to : site.to),
  );
  if (outside.length > 0) {
    throw new DomainError(
      'conflict',
      'sites_outside',
      `${outside.length} site(s) have days outside of the new ones.`,
      {
        mend: 'Take those sites off the draft first.',
        siteIds: outside.slice(0, 20).map(({ siteId }) => siteId),
      },
    );
  }
  const orphaned = sites.filter((site) => site.kinds.some((kind) => !kinds.has(kind)));
  if (orphaned.length === 0) return;
  throw new DomainError(
    'conflict',
    'kinds_in_use',
    `${orphaned.length} site(s) run a kind that would be gone.`,
    {
      mend: 'Take those sites off the draft first, or keep the kind.',
      siteIds: orphaned.slice(0, 20).map(({ siteId }) => siteId),
    },
  );
}

function wrongParty(field: string, what: string): DomainError {
  return new DomainError('invalid', 'wrong_party', `This organisation is not ${what}.`, {
    field,
    mend: `Name ${what}.`,
  });
}

function numberIsTaken(number: string): DomainError {
  return new DomainError('conflict', 'contract_exists', `The authority has a contract ${number} already.`, {
    field: 'number',
    mend: 'Use another number, or find that contract with GET /v1/contracts?number=….',
  });
}
