import { Injectable } from '@nestjs/common';
import { DomainError, notFound, type RegionCode } from '@doorstep/kernel';
import { Database, pause, type Tx } from '@doorstep/platform';
import { currentResident, shareResidents } from '../residents/current-residents';
import type { ContractedServices } from '../prices/ceiling';

const TABLES = {
  contract: 'known_contract',
  organisation: 'known_organisation',
  offering: 'known_offering',
  resident: 'known_resident',
  site: 'known_site',
} as const;
export type KnownThing = keyof typeof TABLES;

export interface KnownContract extends ContractedServices {
  id: string;
  operatorId: string;
  authorityId: string;
  number: string;
  status: string;
  from: string;
  to: string;
}

export interface KnownOrganisation {
  id: string;
  kind: 'authority' | 'operator' | 'funder';
  name: string;
}

/** Pauses before each further look; together about a second and a half. */
const LOOK_AGAIN_MS = [25, 50, 100, 200, 400, 800];

/** What billing has heard from the other services. */
@Injectable()
export class KnownService {
  constructor(private readonly db: Database) {}

  /**
   * News travels by events, so somebody who has just created a thing elsewhere may be faster than its snapshot. Waits a
   * bounded moment for it; whether it came is for the caller's own transaction to find out.
   */
  async arrival(things: Partial<Record<KnownThing, string | undefined>>): Promise<void> {
    for (const waitMs of LOOK_AGAIN_MS) {
      if (await this.allKnown(things)) return;
      await pause(waitMs);
    }
  }

  async contract(tx: Tx, id: string): Promise<KnownContract> {
    const [row] = await tx.sql<KnownContract>(
      `SELECT id, operator_id AS "operatorId", authority_id AS "authorityId", number, status,
              from_day AS "from", to_day AS "to", services, revisions
       FROM known_contract WHERE id = $1`,
      [id],
    );
    if (!row) throw notFound('contract', id);
    return row;
  }

  async organisation(tx: Tx, id: string): Promise<KnownOrganisation> {
    const [row] = await tx.sql<KnownOrganisation>(
      `SELECT id, kind, name FROM known_organisation WHERE id = $1`,
      [id],
    );
    if (!row) throw notFound('organisation', id);
    return row;
  }

  /** Where a site of the tenant is. */
  async regionOfSite(tx: Tx, id: string): Promise<RegionCode> {
    const [row] = await tx.sql<{ region_code: string }>(`SELECT region_code FROM known_site WHERE id = $1`, [
      id,
    ]);
    if (!row) throw notFound('site', id);
    return row.region_code;
  }

  /** @returns whether the site is the tenant's */
  async assertSite(tx: Tx, id: string): Promise<void> {
    const [row] = await tx.sql(`SELECT FROM known_site WHERE id = $1`, [id]);
    if (!row) throw notFound('site', id);
  }

  /** @returns whether the resident is the tenant's, and not erased; stays so until the transaction ends */
  async assertResident(tx: Tx, id: string): Promise<void> {
    await shareResidents(tx);
    const survivorId = await currentResident(tx, id);
    if (survivorId !== id) throw residentMerged(survivorId);
    const [row] = await tx.sql(`SELECT FROM known_resident WHERE id = $1 AND NOT erased`, [id]);
    if (!row) throw notFound('resident', id);
  }

  private allKnown(things: Partial<Record<KnownThing, string | undefined>>): Promise<boolean> {
    return this.db.read(async (tx) => {
      const sought = (Object.entries(things) as [KnownThing, string | undefined][]).filter(([, id]) => id);
      const found = await Promise.all(
        sought.map(([thing, id]) => tx.sql(`SELECT FROM ${TABLES[thing]} WHERE id = $1`, [id])),
      );
      return found.every((rows) => rows.length === 1);
    });
  }
}

function residentMerged(survivorId: string): DomainError {
  return new DomainError('gone', 'resident_merged', 'This resident is registered under another id now.', {
    field: 'residentId',
    survivorId,
    mend: `Use ${survivorId}: both were found to be the same person.`,
  });
}
