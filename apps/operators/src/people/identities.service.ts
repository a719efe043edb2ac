import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import type { IdentityDto, LinkIdentityDto } from './people.dto';
import { homeOf, loadPerson } from './people.queries';
import { checkReach } from './person';

interface IdentityRow {
  issuer: string;
  subject: string;
  created_at: Date;
}

/** Who people are at OIDC issuers, so that they log in there instead of with a password. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  link(personId: string, { issuer, subject }: LinkIdentityDto): Promise<IdentityDto> {
    return this.db.write(async (tx) => {
      const person = await loadPerson(tx, personId, { lock: true });
      checkReach(currentActor(), await homeOf(tx, person));
      const createdAt = this.clock.now();
      const inserted = await tx.sql(
        `INSERT INTO person_identity (issuer, subject, person_id, operator_id, organisation_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING issuer`,
        [issuer, subject, personId, person.operatorId, person.organisationId, createdAt],
      );
      if (inserted.length === 0) {
        throw new DomainError(
          'conflict',
          'identity_linked',
          'The identity or the account is linked already.',
          {
            mend: "Remove the account's link with that issuer first, or ask whose identity it is.",
          },
        );
      }
      await this.audit.record(tx, {
        action: 'people:link-identity',
        entityId: personId,
        operatorId: person.operatorId,
        facts: { issuer },
      });
      return { issuer, subject, createdAt };
    });
  }

  list(personId: string): Promise<{ items: IdentityDto[] }> {
    return this.db.read(async (tx) => {
      await loadPerson(tx, personId);
      const rows = await tx.sql<IdentityRow>(
        `SELECT issuer, subject, created_at FROM person_identity WHERE person_id = $1 ORDER BY issuer`,
        [personId],
      );
      return {
        items: rows.map(({ issuer, subject, created_at }) => ({ issuer, subject, createdAt: created_at })),
      };
    });
  }

  async unlink(personId: string, issuer: string): Promise<void> {
    await this.db.write(async (tx) => {
      const person = await loadPerson(tx, personId, { lock: true });
      checkReach(currentActor(), await homeOf(tx, person));
      const removed = await tx.sql(
        `DELETE FROM person_identity WHERE person_id = $1 AND issuer = $2 RETURNING issuer`,
        [personId, issuer],
      );
      if (removed.length === 0) throw notFound('identity', issuer);
      await this.audit.record(tx, {
        action: 'people:unlink-identity',
        entityId: personId,
        operatorId: person.operatorId,
        facts: { issuer },
      });
    });
  }
}
