import { Controller } from '@nestjs/common';
import { ContractSiteSnapshot, ContractSnapshot } from '@doorstep/contracts';
import { Database, OnEventsForReadModel, type Received } from '@doorstep/platform';
import { keepContracts, keepContractSites } from './ceilings.queries';

/** Keeps what contracts say of prices at sites, for searches with a price in mind. */
@Controller()
export class CeilingsConsumer {
  constructor(private readonly db: Database) {}

  @OnEventsForReadModel(ContractSnapshot)
  async contracts(batch: Received<ContractSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data }) => data);
    await this.db.write((tx) =>
      keepContracts(
        tx,
        newest(rows, ({ contractId }) => contractId),
      ),
    );
  }

  @OnEventsForReadModel(ContractSiteSnapshot)
  async sites(batch: Received<ContractSiteSnapshot>[]): Promise<void> {
    const rows = batch.map(({ data }) => data);
    await this.db.write((tx) =>
      keepContractSites(
        tx,
        newest(rows, ({ contractSiteId }) => contractSiteId),
      ),
    );
  }
}

/** One statement can't touch a row twice. */
function newest<T extends { version: number }>(rows: T[], idOf: (row: T) => string): T[] {
  const inOrder = [...rows].sort((a, b) => a.version - b.version);
  return [...new Map(inOrder.map((row) => [idOf(row), row])).values()];
}
