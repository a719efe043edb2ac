import { tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Kitchens and what they cook. A portion is a portion, whether it is eaten at a sitting, taken away or brought home: all
 * meals of a kitchen and day draw on one counter, which triggers on bookings keep and a CHECK bounds.
 */
export class Meals1700000200053 implements MigrationInterface {
  name = 'Meals1700000200053';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KITCHENS);
    await runner.query(PORTIONS);
    await runner.query(MENUS);
    await runner.query(CHOICES);
    await runner.query(STANDING_ORDERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE standing_order_day, standing_order, resident_diet, meal_delivery, meal_choice, menu_dish, dish;
      DROP TRIGGER booking_portions_taken ON booking;
      DROP TRIGGER booking_portions_left ON booking;
      DROP FUNCTION booking_portions_taken();
      DROP FUNCTION booking_portions_left();
      ALTER TABLE booking DROP COLUMN kitchen_id, DROP COLUMN meal_of_day;
      DROP TABLE kitchen_day, kitchen_offering, kitchen;
    `);
  }
}

const KITCHENS = `
  CREATE TABLE kitchen (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    -- Where it stands; it may cook for offerings of other sites.
    site_id uuid NOT NULL,
    name_zh text NOT NULL,
    name_en text,
    -- On days that nothing else is said of.
    portions_per_day int NOT NULL CHECK (portions_per_day BETWEEN 0 AND 100000),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX kitchen_operator ON kitchen (operator_id, id);
  ${tenantTable('kitchen')}

  CREATE TABLE kitchen_offering (
    offering_id uuid PRIMARY KEY,
    kitchen_id uuid NOT NULL REFERENCES kitchen,
    operator_id uuid NOT NULL
  );
  CREATE INDEX kitchen_offering_kitchen ON kitchen_offering (kitchen_id);
  ${tenantTable('kitchen_offering')}

  CREATE TABLE kitchen_day (
    kitchen_id uuid NOT NULL REFERENCES kitchen,
    service_day date NOT NULL,
    operator_id uuid NOT NULL,
    portions int NOT NULL CHECK (portions >= 0),
    -- Said of this very day; else it follows portions_per_day.
    own boolean NOT NULL DEFAULT false,
    taken int NOT NULL DEFAULT 0 CHECK (taken >= 0),
    PRIMARY KEY (kitchen_id, service_day),
    CONSTRAINT kitchen_never_over CHECK (taken <= portions)
  ) WITH (fillfactor = 70);
  ${tenantTable('kitchen_day')}
`;

const PORTIONS = `
  ALTER TABLE booking
    -- Who cooks it; null for what is no meal, or comes from nowhere in particular.
    ADD COLUMN kitchen_id uuid,
    -- How many meals the resident has on that day, this one included, as it was booked.
    ADD COLUMN meal_of_day int;
  CREATE INDEX booking_kitchen ON booking (kitchen_id, service_day) WHERE kitchen_id IS NOT NULL;

  CREATE FUNCTION booking_portions_taken() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('meals ' || NEW.resident_id || NEW.service_day, 5));
    SELECT count(*) + 1 INTO NEW.meal_of_day FROM booking b
    WHERE b.resident_id = NEW.resident_id AND b.service_day = NEW.service_day AND b.kind = 'meals'
      AND b.starts_at > NEW.starts_at - interval '2 days' AND b.starts_at < NEW.starts_at + interval '2 days'
      AND b.status NOT IN ('declined', 'expired', 'cancelled', 'no_show') AND b.id IS DISTINCT FROM NEW.replaces;
    SELECT kitchen_id INTO NEW.kitchen_id FROM kitchen_offering WHERE offering_id = NEW.offering_id;
    IF NEW.kitchen_id IS NOT NULL THEN
      INSERT INTO kitchen_day (kitchen_id, service_day, operator_id, portions)
      SELECT k.id, NEW.service_day, k.operator_id, k.portions_per_day FROM kitchen k WHERE k.id = NEW.kitchen_id
      ON CONFLICT DO NOTHING;
      UPDATE kitchen_day SET taken = taken + NEW.party_size
      WHERE kitchen_id = NEW.kitchen_id AND service_day = NEW.service_day;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER booking_portions_taken BEFORE INSERT ON booking
    FOR EACH ROW WHEN (NEW.kind = 'meals') EXECUTE FUNCTION booking_portions_taken();

  CREATE FUNCTION booking_portions_left() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE kitchen_day SET taken = taken - OLD.party_size
    WHERE kitchen_id = OLD.kitchen_id AND service_day = OLD.service_day;
    RETURN NULL;
  END $$;
  CREATE TRIGGER booking_portions_left AFTER UPDATE OF status ON booking
    FOR EACH ROW WHEN (OLD.kitchen_id IS NOT NULL AND OLD.status NOT IN ('declined', 'expired', 'cancelled')
                       AND NEW.status IN ('declined', 'expired', 'cancelled'))
    EXECUTE FUNCTION booking_portions_left();
`;

const MENUS = `
  CREATE TABLE dish (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    name_zh text NOT NULL,
    name_en text,
    allergens text[] NOT NULL,
    diets text[] NOT NULL,
    texture text NOT NULL CHECK (texture IN ('regular', 'soft', 'minced', 'pureed', 'liquid')),
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX dish_operator ON dish (operator_id, id);
  ${tenantTable('dish')}

  CREATE TABLE menu_dish (
    site_id uuid NOT NULL,
    service_day date NOT NULL,
    dish_id uuid NOT NULL REFERENCES dish,
    operator_id uuid NOT NULL,
    position int NOT NULL CHECK (position BETWEEN 1 AND 50),
    PRIMARY KEY (site_id, service_day, dish_id)
  );
  ${tenantTable('menu_dish')}
`;

const CHOICES = `
  -- Which dishes a booking is for. What somebody has chosen stays on the menu.
  CREATE TABLE meal_choice (
    booking_id uuid NOT NULL REFERENCES booking,
    dish_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    service_day date NOT NULL,
    portions int NOT NULL CHECK (portions > 0),
    -- Somebody knows that the dish holds what the resident does not bear, and wants it.
    allergens_confirmed boolean NOT NULL,
    PRIMARY KEY (booking_id, dish_id),
    CONSTRAINT meal_choice_on_menu FOREIGN KEY (site_id, service_day, dish_id)
      REFERENCES menu_dish (site_id, service_day, dish_id)
  );
  CREATE INDEX meal_choice_menu ON meal_choice (site_id, service_day, dish_id);
  ${tenantTable('meal_choice')}

  -- Where a meal is brought, under the resident's key; without one to the address that is registered.
  CREATE TABLE meal_delivery (
    booking_id uuid PRIMARY KEY REFERENCES booking,
    operator_id uuid NOT NULL,
    address_sealed bytea NOT NULL
  );
  ${tenantTable('meal_delivery')}

  -- What somebody does not bear or eat is health data: JSON of Diet under the resident's key.
  CREATE TABLE resident_diet (
    resident_id uuid PRIMARY KEY REFERENCES resident,
    operator_id uuid NOT NULL,
    sealed bytea NOT NULL
  );
  ${tenantTable('resident_diet')}
`;

const STANDING_ORDERS = `
  CREATE TABLE standing_order (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    offering_id uuid NOT NULL,
    resident_id uuid NOT NULL REFERENCES resident,
    -- ISO weekdays, and the site-local time of the sitting.
    weekdays int[] NOT NULL CHECK (weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND cardinality(weekdays) BETWEEN 1 AND 7),
    time text NOT NULL CHECK (time ~ '^([01]\\d|2[0-3]):[0-5]\\d$'),
    party_size int NOT NULL CHECK (party_size > 0),
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    pause daterange,
    status text NOT NULL CHECK (status IN ('active', 'ended')),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    -- One sitting has one standing order of a resident at a time.
    CONSTRAINT standing_order_once EXCLUDE USING gist (
      resident_id WITH =, offering_id WITH =, time WITH =, daterange(from_day, to_day) WITH &&) WHERE (status = 'active')
  );
  CREATE INDEX standing_order_operator ON standing_order (operator_id, id);
  CREATE INDEX standing_order_resident ON standing_order (resident_id, id);
  CREATE INDEX standing_order_active ON standing_order (id) WHERE status = 'active';
  ${tenantTable('standing_order')}

  CREATE TABLE standing_order_day (
    order_id uuid NOT NULL REFERENCES standing_order,
    day date NOT NULL,
    operator_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('booked', 'skipped')),
    booking_id uuid REFERENCES booking,
    reasons text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (order_id, day),
    CHECK ((status = 'booked') = (booking_id IS NOT NULL)),
    CHECK ((status = 'skipped') = (cardinality(reasons) > 0))
  );
  ${tenantTable('standing_order_day')}
`;
