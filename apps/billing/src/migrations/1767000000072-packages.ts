import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

/** A number of uses that is bought at once, each with its part of the price. */
export class Packages1767000000072 implements MigrationInterface {
  name = 'Packages1767000000072';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OFFERS);
    await runner.query(PACKAGES);
    await runner.query(`
      ALTER TABLE payment DROP CONSTRAINT payment_purpose_check,
        ADD CONSTRAINT payment_purpose_check CHECK (purpose IN ('services', 'prepaid', 'package'));
      -- A package is paid at once, by one payment.
      CREATE UNIQUE INDEX payment_of_package ON payment (holder_id) WHERE purpose = 'package';
      -- Whose use it took; its price is that use's part.
      ALTER TABLE charge ADD COLUMN package_id uuid REFERENCES package`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX payment_of_package;
      ALTER TABLE payment DROP CONSTRAINT payment_purpose_check,
        ADD CONSTRAINT payment_purpose_check CHECK (purpose IN ('services', 'prepaid'));
      ALTER TABLE charge DROP COLUMN package_id;
      DROP TABLE package_use, package, package_offer;
      DROP FUNCTION package_whole`);
  }
}

const OFFERS = `
  CREATE TABLE package_offer (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    name text NOT NULL,
    site_id uuid,
    kind text NOT NULL,
    mode text,
    uses int NOT NULL CHECK (uses BETWEEN 1 AND 366),
    amount_fen bigint NOT NULL,
    valid_days int NOT NULL CHECK (valid_days > 0),
    -- Days on which it is sold.
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT package_offer_fen_for_each CHECK (amount_fen >= uses)
  );
  ${tenantTable('package_offer')}
  ${undeletableTable('package_offer')}
  CREATE INDEX package_offer_list ON package_offer (operator_id, id);
`;

const PACKAGES = `
  CREATE TABLE package (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    offer_id uuid NOT NULL REFERENCES package_offer,
    resident_id uuid NOT NULL,
    site_id uuid,
    kind text NOT NULL,
    mode text,
    uses int NOT NULL CHECK (uses > 0),
    amount_fen bigint NOT NULL CHECK (amount_fen >= uses),
    status text NOT NULL CHECK (status IN ('active', 'ended')),
    auto_use boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to > valid_from),
    sold_by uuid NOT NULL,
    sold_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (id, operator_id)
  );
  ${tenantTable('package')}
  ${undeletableTable('package')}
  CREATE INDEX package_list ON package (operator_id, id);
  CREATE INDEX package_of_resident ON package (resident_id) WHERE status = 'active';

  CREATE TABLE package_use (
    package_id uuid NOT NULL,
    sequence int NOT NULL CHECK (sequence > 0),
    operator_id uuid NOT NULL,
    part_fen bigint NOT NULL CHECK (part_fen > 0),
    state text NOT NULL CHECK (state IN ('free', 'taken', 'refunded')),
    charge_id uuid REFERENCES charge,
    PRIMARY KEY (package_id, sequence),
    FOREIGN KEY (package_id, operator_id) REFERENCES package (id, operator_id),
    CONSTRAINT package_use_taken_by CHECK ((state = 'taken') = (charge_id IS NOT NULL))
  );
  ${tenantTable('package_use')}
  ${undeletableTable('package_use')}
  -- A charge takes one use.
  CREATE UNIQUE INDEX package_use_charge ON package_use (charge_id) WHERE charge_id IS NOT NULL;

  -- The parts of a package make its price, as many as it has uses.
  CREATE FUNCTION package_whole() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM package_use WHERE package_id = NEW.id HAVING count(*) = NEW.uses AND sum(part_fen) = NEW.amount_fen;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the parts of package % do not make its price', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'package_whole', TABLE = 'package';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER package_whole AFTER INSERT OR UPDATE ON package
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION package_whole();
`;
