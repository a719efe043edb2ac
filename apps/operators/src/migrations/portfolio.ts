import { BILLING_CHARGE, BOOKINGS_BOOKING, BOOKINGS_CAPACITY } from '@doorstep/contracts';
import { readModelOf, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts from the other services, costs, and the figures that are made of them. */
export class Portfolio1763900000030 implements MigrationInterface {
  name = 'Portfolio1763900000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FACTS);
    await runner.query(COSTS);
    await runner.query(DUE);
    await runner.query(DAYS);
    await runner.query(FIGURES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM read_model WHERE table_name IN ('known_booking', 'known_charge', 'known_capacity');
      DROP TABLE portfolio_margin, portfolio_funder, portfolio_figure, portfolio_day_funder, portfolio_day, site_cost,
                 known_region, known_capacity, known_charge;
      DROP TRIGGER portfolio_inserted ON known_booking;
      DROP TRIGGER portfolio_updated ON known_booking;
      DROP TRIGGER portfolio_deleted ON known_booking;
      DROP FUNCTION portfolio_fact_changed;
      DROP TABLE portfolio_due;
      DROP INDEX known_booking_site_day, known_booking_served;
      ALTER TABLE known_booking DROP COLUMN resident_id, DROP COLUMN units;
    `);
  }
}

const FACTS = `
  -- The pseudonym alone, to count people once; units as they count against capacity.
  ALTER TABLE known_booking ADD COLUMN resident_id uuid, ADD COLUMN units int;
  CREATE INDEX known_booking_site_day ON known_booking (site_id, service_day);
  CREATE INDEX known_booking_served ON known_booking (service_day, region_code) INCLUDE (resident_id, party_size)
    WHERE status = 'delivered';
  ${readModelOf('known_booking', BOOKINGS_BOOKING)}

  -- Read model of billing.charge.v1: what was captured, and what was added to it or taken from it afterwards. Rows are
  -- added and never changed, so their order is of no concern.
  CREATE TABLE known_charge (
    charge_id uuid NOT NULL,
    version bigint NOT NULL,
    operator_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    service_day date NOT NULL,
    is_capture boolean NOT NULL,
    gross_fen bigint NOT NULL,
    resident_fen bigint NOT NULL,
    funders_fen bigint NOT NULL,
    operator_fen bigint NOT NULL,
    -- [{funderId, amountFen}]; null: not told, the sum belongs to whom the capture names first.
    funders jsonb,
    PRIMARY KEY (charge_id, version),
    CONSTRAINT known_charge_whole CHECK (gross_fen = resident_fen + funders_fen + operator_fen)
  );
  CREATE INDEX known_charge_day ON known_charge (site_id, service_day);
  ${tenantTable('known_charge')}
  ${readModelOf('known_charge', BILLING_CHARGE)}

  -- Read model of bookings.capacity.v1.
  CREATE TABLE known_capacity (
    offering_id uuid NOT NULL,
    day date NOT NULL,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    region_code text NOT NULL,
    sessions int NOT NULL,
    capacity int NOT NULL,
    waiting int NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (offering_id, day)
  );
  CREATE INDEX known_capacity_day ON known_capacity (site_id, day);
  ${tenantTable('known_capacity')}
  ${readModelOf('known_capacity', BOOKINGS_CAPACITY)}

  -- all tenants: names of regions, read model of facilities.region.v1.
  CREATE TABLE known_region (
    code text PRIMARY KEY,
    name text NOT NULL,
    version bigint NOT NULL
  );
`;

const COSTS = `
  -- What a site cost in a month, by class; without a kind it is the whole site's.
  CREATE TABLE site_cost (
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL REFERENCES known_site,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    -- Empty: all kinds together.
    kind text NOT NULL CHECK (kind = '' OR kind ~ '^[a-z][a-z0-9_]{1,39}$'),
    cost_class text NOT NULL CHECK (cost_class IN ('base_labour', 'service_labour', 'materials', 'premises')),
    amount_fen bigint NOT NULL CHECK (amount_fen BETWEEN 0 AND 100000000000),
    note text,
    version int NOT NULL CHECK (version >= 1),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (operator_id, site_id, month, kind, cost_class)
  );
  CREATE INDEX site_cost_month ON site_cost (site_id, month);
  ${tenantTable('site_cost')}
`;

const DUE = `
  -- Days of sites whose figures have to be made again. Only ever added to and taken from, so nobody waits for anybody.
  CREATE TABLE portfolio_due (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    day date NOT NULL
  );
  ${tenantTable('portfolio_due')}

  -- No fact changes, comes or goes without its day being made again, whoever does it.
  CREATE FUNCTION portfolio_fact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('INSERT INTO portfolio_due (operator_id, site_id, day) SELECT DISTINCT operator_id, site_id, %1$I
                    FROM changed UNION SELECT DISTINCT operator_id, site_id, %1$I FROM %2$I',
                   TG_ARGV[0], CASE TG_OP WHEN 'UPDATE' THEN 'former' ELSE 'changed' END);
    RETURN NULL;
  END $$;
  ${[
    ['known_booking', 'service_day'],
    ['known_charge', 'service_day'],
    ['known_capacity', 'day'],
    ['site_cost', 'month'],
  ]
    .map(
      ([table, day]) => `
  CREATE TRIGGER portfolio_inserted AFTER INSERT ON ${table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('${day}');
  CREATE TRIGGER portfolio_updated AFTER UPDATE ON ${table} REFERENCING NEW TABLE AS changed OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('${day}');
  CREATE TRIGGER portfolio_deleted AFTER DELETE ON ${table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION portfolio_fact_changed('${day}');`,
    )
    .join('')}
`;

/** Where figures belong: to a site's day or month, under a contract, in a region, by kind. */
const place = (when: string): string => `
    site_id uuid NOT NULL,
    ${when} date NOT NULL,
    -- As of the service day; null: it stood under none.
    contract_id uuid,
    -- As of the service day; empty: not known yet.
    region_code text NOT NULL,
    -- Empty: costs of a month in which the site did nothing.
    kind text NOT NULL,`;

const AMOUNTS = `
    sessions bigint NOT NULL,
    -- In units: people, uses of a court, visits at a time.
    capacity bigint NOT NULL,
    booked bigint NOT NULL,
    attended bigint NOT NULL,
    no_show bigint NOT NULL,
    cancelled bigint NOT NULL,
    -- People who came, each time counted.
    visits bigint NOT NULL,
    -- People who waited in vain.
    waiting bigint NOT NULL,
    gross_fen bigint NOT NULL,
    resident_fen bigint NOT NULL,
    funders_fen bigint NOT NULL,
    concession_fen bigint NOT NULL,`;

const DAYS = `
  CREATE TABLE portfolio_day (
    operator_id uuid NOT NULL, ${place('day')} ${AMOUNTS}
    CONSTRAINT portfolio_day_once UNIQUE NULLS NOT DISTINCT (site_id, day, contract_id, region_code, kind)
  );
  ${tenantTable('portfolio_day')}
  CREATE TABLE portfolio_day_funder (
    operator_id uuid NOT NULL, ${place('day')}
    funder_id uuid,
    amount_fen bigint NOT NULL,
    CONSTRAINT portfolio_day_funder_once
      UNIQUE NULLS NOT DISTINCT (site_id, day, contract_id, region_code, kind, funder_id)
  );
  ${tenantTable('portfolio_day_funder')}
`;

const FIGURES = `
  CREATE TABLE portfolio_figure (
    operator_id uuid NOT NULL, ${place('month')} ${AMOUNTS}
    CONSTRAINT portfolio_figure_once UNIQUE NULLS NOT DISTINCT (site_id, month, contract_id, region_code, kind)
  );
  CREATE INDEX portfolio_figure_operator ON portfolio_figure (operator_id, month);
  CREATE INDEX portfolio_figure_month ON portfolio_figure (month, region_code);
  ${tenantTable('portfolio_figure', { regionColumn: 'region_code' })}

  CREATE TABLE portfolio_funder (
    operator_id uuid NOT NULL, ${place('month')}
    funder_id uuid,
    amount_fen bigint NOT NULL,
    CONSTRAINT portfolio_funder_once
      UNIQUE NULLS NOT DISTINCT (site_id, month, contract_id, region_code, kind, funder_id)
  );
  CREATE INDEX portfolio_funder_operator ON portfolio_funder (operator_id, month);
  CREATE INDEX portfolio_funder_month ON portfolio_funder (month, region_code);
  ${tenantTable('portfolio_funder', { regionColumn: 'region_code' })}

  -- Revenue and costs by who pays. The tenant's alone: no authority reads it by its region.
  CREATE TABLE portfolio_margin (
    operator_id uuid NOT NULL, ${place('month')}
    payer text NOT NULL CHECK (payer IN ('resident', 'funder', 'concession', 'none')),
    funder_id uuid,
    revenue_fen bigint NOT NULL,
    base_labour_fen bigint NOT NULL,
    service_labour_fen bigint NOT NULL,
    materials_fen bigint NOT NULL,
    premises_fen bigint NOT NULL,
    CONSTRAINT portfolio_margin_once
      UNIQUE NULLS NOT DISTINCT (site_id, month, contract_id, region_code, kind, payer, funder_id)
  );
  CREATE INDEX portfolio_margin_operator ON portfolio_margin (operator_id, month);
  ${tenantTable('portfolio_margin')}
`;
