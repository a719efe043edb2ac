import { Injectable } from '@nestjs/common';
import { DomainError, newId, sha256Hex } from '@doorstep/kernel';
import { Clock, Database, Periodic, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { actorOfPerson } from '../people/actor.queries';
import { LoginThrottle } from '../people/login-throttle.service';
import { PasswordHash } from '../people/password-hash.service';
import { normaliseLogin } from '../people/person';
import { PersonEntity } from '../people/person.entity';
import { decideRefresh, FAMILY_DAYS_MAX, newRefreshToken } from './refresh-family';
import type { LogInDto, ResolvedDto, ResolveIdentityDto, SessionDto } from './sessions.dto';

interface TokenRow {
  issued_at: Date;
  used_at: Date | null;
  family_id: string;
  person_id: string;
  started_at: Date;
  revoked_at: Date | null;
}

/**
 * Log-ins of people. The gateway asks as the system, before anybody is known. Writes go through writeAs, which leaves a
 * request's idempotency key behind: an answer with a token in it is never stored.
 */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly throttle: LoginThrottle,
    private readonly passwordHash: PasswordHash,
  ) {}

  /** The same answer, after the same work, whether the login is unknown, disabled, or the password wrong. */
  async logIn({ login, password }: LogInDto): Promise<SessionDto> {
    await this.throttle.admit(login);
    const person = await this.db.read((tx) => this.byLogin(tx, login));
    const fits = await this.passwordHash.fits(person?.passwordHash, password);
    if (!person || !fits || person.status !== 'active' || this.oneTimePasswordExpired(person)) throw wrong();
    await this.throttle.forgive(login);
    return this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      const familyId = newId();
      const now = this.clock.now();
      await tx.sql(
        `INSERT INTO refresh_family (id, operator_id, person_id, started_at) VALUES ($1, $2, $3, $4)`,
        [familyId, person.operatorId, person.id, now],
      );
      return this.session(tx, person, familyId);
    });
  }

  /** Exchanges a refresh token for the next one. Presenting a used one ends the log-in for thief and owner alike. */
  async refresh(refreshToken: string): Promise<SessionDto> {
    const session = await this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      const hash = sha256Hex(refreshToken);
      const row = await this.lockToken(tx, hash);
      if (!row) return undefined;
      const now = this.clock.now();
      const family = {
        id: row.family_id,
        personId: row.person_id,
        startedAt: row.started_at,
        revokedAt: row.revoked_at,
      };
      const token = { familyId: row.family_id, issuedAt: row.issued_at, usedAt: row.used_at };
      const outcome = decideRefresh(token, family, now);
      const person = await tx.manager.findOneBy(PersonEntity, { id: row.person_id, status: 'active' });
      if (outcome === 'revoke') await this.revoke(tx, row.family_id, 'token_reused', now);
      if (outcome !== 'rotate' || !person) return undefined;
      await tx.sql(`UPDATE refresh_token SET used_at = $2 WHERE hash = $1`, [hash, now]);
      return this.session(tx, person, row.family_id);
    });
    if (session) return session;
    throw new DomainError('unauthenticated', 'refresh_refused', 'The log-in has ended.', {
      mend: 'Log in again.',
    });
  }

  /** Ends a log-in; silent about tokens that nobody knows. */
  async logOut(refreshToken: string): Promise<void> {
    await this.db.write(async (tx) => {
      const row = await this.lockToken(tx, sha256Hex(refreshToken));
      if (row && !row.revoked_at) await this.revoke(tx, row.family_id, 'logged_out', this.clock.now());
    });
  }

  /** Whoever an OIDC issuer's verified token speaks of. */
  async resolve({ issuer, subject }: ResolveIdentityDto): Promise<ResolvedDto> {
    return this.db.read(async (tx) => {
      const [linked] = await tx.sql<{ person_id: string }>(
        `SELECT person_id FROM person_identity WHERE issuer = $1 AND subject = $2`,
        [issuer, subject],
      );
      const person =
        linked && (await tx.manager.findOneBy(PersonEntity, { id: linked.person_id, status: 'active' }));
      if (person) return { actor: await actorOfPerson(tx, { ...person, passwordMustChange: false }) };
      throw new DomainError('unauthenticated', 'identity_not_linked', 'Nobody here has that identity.', {
        mend: 'Ask a colleague who may change accounts to link it.',
      });
    });
  }

  /** Log-ins that can't be refreshed any more. */
  @Periodic({ name: 'forget-log-ins', everyMs: 3_600_000 })
  async forget(): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`DELETE FROM refresh_family WHERE started_at < $1::timestamptz - make_interval(days => $2)`, [
        this.clock.now(),
        FAMILY_DAYS_MAX,
      ]),
    );
  }

  private byLogin(tx: Tx, login: string): Promise<PersonEntity | null> {
    return tx.manager
      .createQueryBuilder(PersonEntity, 'person')
      .addSelect('person.passwordHash')
      .where('person.login = :login', { login: normaliseLogin(login) })
      .getOne();
  }

  private oneTimePasswordExpired(person: PersonEntity): boolean {
    const expiresAt = person.oneTimePasswordExpiresAt;
    return person.passwordMustChange && expiresAt !== null && expiresAt <= this.clock.now();
  }

  /** Family and token are locked together: of two refreshes at once, the second sees a used token. */
  private async lockToken(tx: Tx, hash: string): Promise<TokenRow | undefined> {
    const [row] = await tx.sql<TokenRow>(
      `SELECT t.issued_at, t.used_at, t.family_id, f.person_id, f.started_at, f.revoked_at
       FROM refresh_token t JOIN refresh_family f ON f.id = t.family_id WHERE t.hash = $1 FOR UPDATE`,
      [hash],
    );
    return row;
  }

  private async session(tx: Tx, person: PersonEntity, familyId: string): Promise<SessionDto> {
    const { token, hash } = newRefreshToken();
    await tx.sql(
      `INSERT INTO refresh_token (hash, operator_id, family_id, issued_at) VALUES ($1, $2, $3, $4)`,
      [hash, person.operatorId, familyId, this.clock.now()],
    );
    const actor = await actorOfPerson(tx, person);
    return { actor, refreshToken: token, mustChangePassword: person.passwordMustChange };
  }

  private async revoke(tx: Tx, familyId: string, because: string, now: Date): Promise<void> {
    await tx.sql(`UPDATE refresh_family SET revoked_at = $2, revoked_because = $3 WHERE id = $1`, [
      familyId,
      now,
      because,
    ]);
  }
}

function wrong(): DomainError {
  return new DomainError('unauthenticated', 'credentials_wrong', 'Login or password is wrong.', {
    mend: 'Check both. A colleague who may change accounts can give you a new one-time password.',
  });
}
