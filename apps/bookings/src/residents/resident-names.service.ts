import { Injectable } from '@nestjs/common';
import type { Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { maskName } from '@doorstep/kernel';
import { ResidentEntity } from './resident.entity';
import { ResidentRecords } from './resident-records.service';

/** Names for lists that people read. */
@Injectable()
export class ResidentNames {
  constructor(private readonly records: ResidentRecords) {}

  /** Masked names by resident, also by an id that leads on; who was erased has none. */
  async masked(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.manager.findBy(ResidentEntity, { id: In([...new Set(ids)]) });
    const survivors = rows.flatMap(({ mergedInto }) => (mergedInto === null ? [] : [mergedInto]));
    const merged = survivors.length > 0 ? await tx.manager.findBy(ResidentEntity, { id: In(survivors) }) : [];
    const opened = await this.records.open(tx, [...rows, ...merged]);
    const names = new Map(opened.flatMap(({ row, data }) => (data ? [[row.id, maskName(data.name)]] : [])));
    return new Map(
      rows.flatMap(({ id, mergedInto }) => {
        const name = names.get(mergedInto ?? id);
        return name === undefined ? [] : [[id, name] as [string, string]];
      }),
    );
  }
}
