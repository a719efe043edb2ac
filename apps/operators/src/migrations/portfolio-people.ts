import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who came to a site in a month, made with its figures: a report of half a million visits looked at each of them. */
export class PortfolioPeople1763900000160 implements MigrationInterface {
  name = 'PortfolioPeople1763900000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE portfolio_people (
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        month date NOT NULL,
        -- As of the service day; null: it stood under none.
        contract_id uuid,
        -- As of the service day.
        region_code text NOT NULL,
        -- Pseudonyms as they were told, each once; who has become one with whom is looked up when people are counted.
        people uuid[] NOT NULL,
        CONSTRAINT portfolio_people_once UNIQUE NULLS NOT DISTINCT (site_id, month, operator_id, contract_id, region_code)
      );
      CREATE INDEX portfolio_people_month ON portfolio_people (month, region_code);
      ${tenantTable('portfolio_people', { regionColumn: 'region_code' })}

      -- Both served the counting of single visits.
      DROP INDEX known_booking_served, known_attendance_came;
      CREATE INDEX known_attendance_site_day ON known_attendance (site_id, day) WHERE came;
      CREATE TRIGGER portfolio_inserted AFTER INSERT ON known_attendance REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('day');
      CREATE TRIGGER portfolio_updated AFTER UPDATE ON known_attendance REFERENCING NEW TABLE AS changed OLD TABLE AS former
        FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('day');
      CREATE TRIGGER portfolio_deleted AFTER DELETE ON known_attendance REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('day');

      -- What is there already is made within moments.
      INSERT INTO portfolio_due (operator_id, site_id, day)
      SELECT DISTINCT operator_id, site_id, date_trunc('month', service_day)::date FROM known_booking WHERE status = 'delivered'
      UNION
      SELECT DISTINCT operator_id, site_id, date_trunc('month', day)::date FROM known_attendance WHERE came;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER portfolio_inserted ON known_attendance;
      DROP TRIGGER portfolio_updated ON known_attendance;
      DROP TRIGGER portfolio_deleted ON known_attendance;
      DROP INDEX known_attendance_site_day;
      CREATE INDEX known_attendance_came ON known_attendance (day, region_code) INCLUDE (site_id, resident_id) WHERE came;
      CREATE INDEX known_booking_served ON known_booking (service_day, region_code) INCLUDE (resident_id, party_size)
        WHERE status = 'delivered';
      DROP TABLE portfolio_people;
    `);
  }
}
