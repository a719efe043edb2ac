import { Injectable } from '@nestjs/common';
import { event, SiteInspectionSnapshot } from '@doorstep/contracts';
import { canonicalJson } from '@doorstep/kernel';
import { Clock, type Tx } from '@doorstep/platform';
import { type Block, blocksOf, suspensionOf } from './finding';
import { FindingEntity } from './finding.entity';

/** Keeps up what severe findings keep from being booked, and tells when that changes. */
@Injectable()
export class InspectionStandings {
  constructor(private readonly clock: Clock) {}

  /** In the transaction that changed a finding: bookings stop, or go on, with its commit. */
  async refresh(tx: Tx, { siteId, operatorId }: { siteId: string; operatorId: string }): Promise<void> {
    await tx.sql(
      `INSERT INTO site_inspection_standing (site_id, operator_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [siteId, operatorId],
    );
    // The lock first: whoever comes second reads the findings that the first has changed.
    const [former] = await tx.sql<{ blocks: Block[]; version: number }>(
      `SELECT blocks, version FROM site_inspection_standing WHERE site_id = $1 FOR UPDATE`,
      [siteId],
    );
    const blocks = blocksOf(await tx.manager.findBy(FindingEntity, { siteId, severity: 'severe' }));
    if (canonicalJson(blocks) === canonicalJson(former.blocks)) return;
    const version = former.version + 1;
    await tx.sql(`UPDATE site_inspection_standing SET blocks = $2, version = $3 WHERE site_id = $1`, [
      siteId,
      JSON.stringify(blocks),
      version,
    ]);
    const at = this.clock.now().toISOString();
    const snapshot = { operatorId, siteId, ...suspensionOf(blocks), blocks, version, at };
    tx.tell(event(SiteInspectionSnapshot, snapshot));
  }
}
