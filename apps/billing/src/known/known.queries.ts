import type { Tx } from '@doorstep/platform';
import { asJson, newestOfEach, regionPrefixesOf } from '../shared/rows';

/** Columns beside `id` and `version`. */
const COLUMNS = {
  known_organisation: ['kind', 'name', 'region_code'],
  known_site: ['operator_id', 'code', 'name_zh', 'name_en', 'region_code', 'time_zone'],
  known_offering: ['operator_id', 'site_id', 'kind', 'mode', 'capacity_model', 'active'],
  known_contract: [
    'operator_id',
    'authority_id',
    'number',
    'status',
    'from_day',
    'to_day',
    'services',
    'revisions',
    'begun',
  ],
  known_placement: ['operator_id', 'contract_id', 'site_id', 'from_day', 'to_day', 'kinds', 'in_force'],
  known_site_rating: ['operator_id', 'ratings'],
  known_resident: [
    'operator_id',
    'birth_date',
    'region_code',
    'care_level',
    'care_level_assessed_on',
    'hardship',
    'disability',
    'birth_order',
    'registration',
    'registered_in',
    'subsidy_consent',
    'erased',
  ],
} as const;
export type KnownTable = keyof typeof COLUMNS;

type Row<T extends KnownTable> = { id: string; version: number } & Record<
  (typeof COLUMNS)[T][number],
  unknown
>;

/** Takes over snapshots, many at once, each only when it is newer than what is there. */
export async function keepNewest<T extends KnownTable>(tx: Tx, table: T, rows: Row<T>[]): Promise<void> {
  const columns: string[] = ['id', ...COLUMNS[table], 'version'];
  await tx.sql(
    `INSERT INTO ${table} AS known (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(null::${table}, $1) ORDER BY id
     ON CONFLICT (id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
     WHERE excluded.version > known.version`,
    [asJson(newestOfEach(rows))],
  );
}

/**
 * Remembers in which regions operators have sites. A region once entered stays: shares of charges are read together with
 * their programme, so an operator that lost sight of it when its last site there closed could no longer claim, correct or
 * report what that site was paid for.
 */
export async function rememberRegions(
  tx: Tx,
  sites: readonly { operatorId: string; regionCode: string }[],
): Promise<void> {
  const pairs = sites.flatMap(({ operatorId, regionCode }) =>
    regionPrefixesOf([regionCode]).map((prefix) => ({ operator_id: operatorId, prefix })),
  );
  await tx.sql(
    `INSERT INTO operator_region (operator_id, prefix)
     SELECT DISTINCT operator_id, prefix FROM jsonb_populate_recordset(null::operator_region, $1)
     ORDER BY operator_id, prefix
     ON CONFLICT DO NOTHING`,
    [asJson(pairs)],
  );
}
