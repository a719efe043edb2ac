import { Injectable } from '@nestjs/common';
import { DomainError, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  Revocations,
  type Tx,
} from '@doorstep/platform';
import { ArrayContains, MoreThan } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { loadOrganisation } from '../organisations/organisations.service';
import { endLogIns } from '../sessions/sessions.queries';
import { insertOnce } from '../shared/insert.queries';
import { KnownSites } from '../sites/known-sites.service';
import { newOneTimePassword, ONE_TIME_PASSWORD_DAYS } from './password';
import { PasswordHash } from './password-hash.service';
import type {
  ChangeAccountDto,
  OpenAccountDto,
  OpenedAccountDto,
  PeopleQuery,
  PersonDto,
} from './people.dto';
import { changeAccount, checkReach, disableAccount, enableAccount, openAccount, type Person } from './person';
import { PersonEntity } from './person.entity';
import { homeOf, loadPerson, show } from './people.queries';

const DAY_MS = 86_400_000;

@Injectable()
export class PeopleService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly passwordHash: PasswordHash,
    private readonly knownSites: KnownSites,
    private readonly revocations: Revocations,
  ) {}

  /** The one-time password is part of this answer alone: a repeat of the call finds the account, not the secret. */
  async open(command: OpenAccountDto): Promise<OpenedAccountDto> {
    const actor = currentActor();
    const organisationId = command.organisationId ?? actor.organisationId;
    const secret = await this.newSecret();
    let fresh = false;
    await this.knownSites.settle(command.siteIds ?? []);
    const person = await this.db.write(async (tx) => {
      const organisation = organisationId ? await loadOrganisation(tx, organisationId) : null;
      const opened = openAccount(actor, organisation, command, newId());
      await this.checkSites(opened);
      const row = {
        ...opened,
        ...secret.stored,
        firstAdministrator: false,
        createdAt: this.clock.now(),
      };
      if (!(await insertOnce(tx, PersonEntity, row))) throw loginTaken();
      await this.record(tx, 'people:create', row, { roles: row.roles });
      fresh = true;
      return show(row);
    });
    return { ...person, oneTimePassword: fresh ? secret.password : null };
  }

  async change(id: string, command: ChangeAccountDto): Promise<PersonDto> {
    await this.knownSites.settle(command.siteIds ?? []);
    return this.db.write(async (tx) => {
      const former = await loadPerson(tx, id, { lock: true });
      const next = changeAccount(currentActor(), await homeOf(tx, former), former, command);
      await this.checkSites(next);
      const { name, roles, siteIds, version } = next;
      await tx.manager.update(PersonEntity, { id }, { name, roles, siteIds, version });
      await this.record(tx, 'people:update', former, {
        from: former.roles,
        to: roles,
        fields: Object.keys(command),
      });
      return show({ ...former, name, roles, siteIds, version });
    });
  }

  async disable(id: string): Promise<PersonDto> {
    const person = await this.db.write(async (tx) => {
      const former = await loadPerson(tx, id, { lock: true });
      const next = disableAccount(currentActor(), await homeOf(tx, former), former);
      if (next === former) return show(former);
      await this.saveStatus(tx, next);
      await endLogIns(this.db, id, 'account_disabled', this.clock.now());
      await this.record(tx, 'people:disable', former);
      return show({ ...former, status: next.status, version: next.version });
    });
    await this.revocations.revoke(id);
    return person;
  }

  async enable(id: string): Promise<PersonDto> {
    const person = await this.db.write(async (tx) => {
      const former = await loadPerson(tx, id, { lock: true });
      const next = enableAccount(currentActor(), await homeOf(tx, former), former);
      if (next === former) return show(former);
      await this.saveStatus(tx, next);
      await this.record(tx, 'people:enable', former);
      return show({ ...former, status: next.status, version: next.version });
    });
    await this.revocations.restore(id);
    return person;
  }

  /** For whoever forgot the password: a new one-time password, and the end of every log-in. */
  async resetPassword(id: string): Promise<OpenedAccountDto> {
    const secret = await this.newSecret();
    let fresh = false;
    const person = await this.db.write(async (tx) => {
      const former = await loadPerson(tx, id, { lock: true });
      checkReach(currentActor(), await homeOf(tx, former));
      const version = former.version + 1;
      await tx.manager.update(PersonEntity, { id }, { ...secret.stored, version });
      await endLogIns(this.db, id, 'password_reset', this.clock.now());
      await this.record(tx, 'people:reset-password', former);
      fresh = true;
      return show({ ...former, ...secret.stored, version });
    });
    return { ...person, oneTimePassword: fresh ? secret.password : null };
  }

  find(id: string): Promise<PersonDto> {
    return this.db.read(async (tx) => show(await loadPerson(tx, id)));
  }

  list(query: PeopleQuery): Promise<Page<PersonDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(PersonEntity, {
        where: {
          ...(query.organisationId && { organisationId: query.organisationId }),
          ...(query.role && { roles: ArrayContains([query.role]) }),
          ...(query.status && { status: query.status }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  private async newSecret() {
    const password = newOneTimePassword();
    const stored = {
      passwordHash: await this.passwordHash.of(password),
      passwordMustChange: true,
      oneTimePasswordExpiresAt: new Date(this.clock.now().getTime() + ONE_TIME_PASSWORD_DAYS * DAY_MS),
    };
    return { password, stored };
  }

  private async checkSites(person: Person): Promise<void> {
    if (person.operatorId) await this.knownSites.check(person.operatorId, person.siteIds, 'siteIds');
  }

  private async saveStatus(tx: Tx, { id, status, version }: Person): Promise<void> {
    await tx.manager.update(PersonEntity, { id }, { status, version });
  }

  private record(tx: Tx, action: string, person: Person, facts?: Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, { action, entityId: person.id, operatorId: person.operatorId, facts });
  }
}

/** Logins are unique in the whole installation, so the other account may be one that the caller can't see. */
function loginTaken(): DomainError {
  return new DomainError('conflict', 'login_taken', 'This login is taken.', {
    field: 'login',
    mend: 'Choose another one, such as the full e-mail address.',
  });
}
