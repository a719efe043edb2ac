import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database } from '@doorstep/platform';
import { ApiClientEntity } from '../api-clients/api-client.entity';
import { AuditLog } from '../audit/audit.service';
import { endLogIns } from '../sessions/sessions.queries';
import type { AccountDto } from './account.dto';
import { LoginThrottle } from './login-throttle.service';
import { checkNewPassword } from './password';
import { PasswordHash } from './password-hash.service';
import type { ChangePasswordDto } from './people.dto';
import { PersonEntity } from './person.entity';

/** What everybody may do with the own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly throttle: LoginThrottle,
    private readonly passwordHash: PasswordHash,
  ) {}

  find(): Promise<AccountDto> {
    const { id, kind, organisationId, operatorId, regionPrefix, roles, siteIds = [] } = currentActor();
    const isPerson = kind === 'person';
    return this.db.read(async (tx) => {
      const account = isPerson
        ? await tx.manager.findOneBy(PersonEntity, { id })
        : await tx.manager.findOneBy(ApiClientEntity, { id });
      if (!account) throw notFound('account', id);
      const login = account instanceof PersonEntity ? account.login : null;
      const mustChangePassword = account instanceof PersonEntity && account.passwordMustChange;
      const { name } = account;
      return {
        id,
        kind,
        login,
        name,
        organisationId,
        operatorId,
        regionPrefix,
        roles,
        siteIds,
        mustChangePassword,
      };
    });
  }

  /** Sets an own password. Every log-in ends, this one too: whoever else knew the old password is out. */
  async changePassword({ current, next }: ChangePasswordDto): Promise<void> {
    const person = await this.own();
    await this.throttle.admit(person.login);
    if (!(await this.passwordHash.fits(person.passwordHash, current))) {
      throw new DomainError('invalid', 'password_wrong', 'The present password is wrong.', {
        field: 'current',
        mend: 'Give the password that you logged in with.',
      });
    }
    await this.throttle.forgive(person.login);
    checkNewPassword(next, person.login);
    if (await this.passwordHash.fits(person.passwordHash, next)) {
      throw new DomainError('invalid', 'password_same', 'The new password is the present one.', {
        field: 'next',
        mend: 'Choose another one.',
      });
    }
    const passwordHash = await this.passwordHash.of(next);
    await this.db.write(async (tx) => {
      const changes = { passwordHash, passwordMustChange: false, oneTimePasswordExpiresAt: null };
      await tx.manager.update(PersonEntity, { id: person.id }, { ...changes, version: () => 'version + 1' });
      await endLogIns(this.db, person.id, 'password_changed', this.clock.now());
      await this.audit.record(tx, {
        action: 'account:password',
        entityId: person.id,
        operatorId: person.operatorId,
      });
    });
  }

  private own(): Promise<PersonEntity> {
    const { id } = currentActor();
    return this.db.read(async (tx) => {
      const person = await tx.manager
        .createQueryBuilder(PersonEntity, 'person')
        .addSelect('person.passwordHash')
        .where('person.id = :id', { id })
        .getOne();
      if (!person) throw notFound('account', id);
      return person;
    });
  }
}
