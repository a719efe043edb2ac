import { chmod, writeFile } from 'node:fs/promises';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import { AppLogger, Clock, Database, SYSTEM_ACTOR } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { OperatorsConfig } from '../config';
import { insertOnce } from '../shared/insert.queries';
import { newOneTimePassword } from './password';
import { PasswordHash } from './password-hash.service';
import { PersonEntity } from './person.entity';

const LOGIN = 'admin';

/** The first start makes the first administrator. A unique index lets one of many processes do it, once for ever. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly passwordHash: PasswordHash,
    private readonly config: OperatorsConfig,
    private readonly logger: AppLogger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.exists()) return;
    const password = newOneTimePassword();
    const row = {
      id: newId(),
      operatorId: null,
      organisationId: null,
      login: LOGIN,
      name: 'First administrator',
      roles: ['administrator' as const],
      siteIds: [],
      status: 'active' as const,
      passwordHash: await this.passwordHash.of(password),
      // It is as strong as a password can be and shown to the one who starts the platform; changing it is up to them.
      passwordMustChange: false,
      oneTimePasswordExpiresAt: null,
      firstAdministrator: true,
      version: 1,
      createdAt: this.clock.now(),
    };
    await this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      if (!(await insertOnce(tx, PersonEntity, row))) return;
      await this.audit.record(tx, { action: 'people:bootstrap', entityId: row.id, operatorId: null });
      // Before the commit: a crash in between leaves no account behind, rather than one that nobody can open.
      await this.show(password);
    });
  }

  private exists(): Promise<boolean> {
    return this.db.readAs(SYSTEM_ACTOR, (tx) =>
      tx.manager.existsBy(PersonEntity, { firstAdministrator: true }),
    );
  }

  /** Shown once: in the file that was asked for, so that no log keeps it; else in the log, which is all there is. */
  private async show(password: string): Promise<void> {
    const { adminPasswordFile } = this.config;
    if (!adminPasswordFile) {
      this.logger.say(`FIRST ADMINISTRATOR login ${LOGIN} password ${password} (shown this once)`);
      return;
    }
    await writeFile(adminPasswordFile, `${password}\n`, { mode: 0o600 });
    await chmod(adminPasswordFile, 0o600);
    this.logger.say(`FIRST ADMINISTRATOR login ${LOGIN} password in ${adminPasswordFile}`);
  }
}
