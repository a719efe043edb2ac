import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each month is locked as booking locks it before it is looked at (volatile: with the eyes of that moment), so what was
 * answered holds to the commit: a charge and its entry are booked on one day, though the month is closed in between.
 */
export class OpenDays1767000000091 implements MigrationInterface {
  name = 'OpenDays1767000000091';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      openDay(
        'VOLATILE',
        `PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger ' || contract || ' ' || open_month, 0));`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(openDay('STABLE', ''));
  }
}

/** The day itself, or the first day of the first month after it that is not closed. */
function openDay(volatility: 'VOLATILE' | 'STABLE', lock: string): string {
  return `
    CREATE OR REPLACE FUNCTION ledger_open_day(operator uuid, contract uuid, wanted date) RETURNS date
    LANGUAGE plpgsql ${volatility} AS $$
    DECLARE
      open_month date := date_trunc('month', wanted)::date;
    BEGIN
      LOOP
        ${lock}
        EXIT WHEN NOT EXISTS (SELECT FROM ledger_period AS p WHERE p.operator_id = operator AND p.contract_id = contract
                                AND p.month = open_month AND p.status = 'closed');
        open_month := (open_month + interval '1 month')::date;
      END LOOP;
      RETURN greatest(wanted, open_month);
    END $$`;
}
