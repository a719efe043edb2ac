import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { currentActor, Database, type Actor } from '@doorstep/platform';
import { accountNames, WRITERS, type ExportedEntry } from './export';
import type { ExportQuery } from './export.dto';
import { currentSnapshot, exportedAccounts, exportedEntries, type Slice } from './export.queries';

const PAGE = 500;

/** The books as text that beancount and hledger read, page by page, so that memory stays small. */
@Injectable()
export class ExportService {
  constructor(private readonly db: Database) {}

  async export({ format, contractId, asOf }: ExportQuery): Promise<Readable> {
    // The stream is read after the request's handler has returned, so it takes the actor along.
    const actor = currentActor();
    const snapshot = await this.db.read(currentSnapshot);
    const slice = { snapshot, contractId: contractId ?? null, asOf: asOf ?? null };
    return Readable.from(this.text(actor, format, slice), { objectMode: false, highWaterMark: 65_536 });
  }

  private async *text(actor: Actor, format: ExportQuery['format'], slice: Slice): AsyncGenerator<Buffer> {
    const write = WRITERS[format];
    const accounts = await this.db.readAs(actor, (tx) => exportedAccounts(tx, slice));
    const names = accountNames(accounts);
    yield Buffer.from(write.opening(accounts, names));
    let last: ExportedEntry | undefined;
    for (;;) {
      const place = last;
      const entries = await this.db.readAs(actor, (tx) => exportedEntries(tx, slice, place, PAGE));
      if (entries.length > 0) yield Buffer.from(entries.map((entry) => write.entry(entry, names)).join(''));
      last = entries.at(-1) ?? last;
      if (entries.length < PAGE) break;
    }
    if (last) yield Buffer.from(write.closing(accounts, names, last.bookedOn));
  }
}
