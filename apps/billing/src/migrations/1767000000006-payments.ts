import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@doorstep/platform';
import { undeletableTable } from './policies';

export class Payments1767000000006 implements MigrationInterface {
  name = 'Payments1767000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        contract_id uuid NOT NULL,
        -- Null when it pays for services of several sites.
        site_id uuid,
        channel text NOT NULL CHECK (channel IN ('wechat', 'alipay', 'bank', 'cash')),
        merchant_order_no text NOT NULL,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        -- Kept with the allocations and the refunds; what is neither waits as an advance.
        allocated_fen bigint NOT NULL DEFAULT 0 CHECK (allocated_fen >= 0),
        refunded_fen bigint NOT NULL DEFAULT 0 CHECK (refunded_fen >= 0),
        paid_at timestamptz NOT NULL,
        -- Channels close their books by China's clock.
        paid_day date NOT NULL GENERATED ALWAYS AS ((paid_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        UNIQUE (operator_id, channel, merchant_order_no),
        UNIQUE (id, operator_id),
        CONSTRAINT payment_not_overspent CHECK (allocated_fen + refunded_fen <= amount_fen)
      );
      ${tenantTable('payment')}
      ${undeletableTable('payment')}
      CREATE INDEX payment_list ON payment (operator_id, id);
      CREATE INDEX payment_day ON payment (operator_id, channel, paid_day);

      -- What of a payment is meant for which charge. Ended, not removed, when the booking falls or money goes back.
      CREATE TABLE payment_allocation (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        charge_id uuid NOT NULL REFERENCES charge,
        -- In the order in which the payment names its bookings.
        place int NOT NULL,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        -- The service is delivered and the money counted against what the resident owes.
        applied boolean NOT NULL,
        made_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        FOREIGN KEY (payment_id, operator_id) REFERENCES payment (id, operator_id),
        CHECK ((ended_at IS NULL) = (end_reason IS NULL))
      );
      ${tenantTable('payment_allocation')}
      CREATE UNIQUE INDEX payment_allocation_standing ON payment_allocation (payment_id, charge_id) WHERE ended_at IS NULL;
      CREATE INDEX payment_allocation_charge ON payment_allocation (charge_id);

      CREATE TABLE refund (
        id uuid PRIMARY KEY,
        operator_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        channel text NOT NULL,
        merchant_refund_no text NOT NULL,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        reason text NOT NULL,
        refunded_at timestamptz NOT NULL,
        refunded_day date NOT NULL GENERATED ALWAYS AS ((refunded_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
        recorded_by uuid NOT NULL,
        recorded_at timestamptz NOT NULL,
        UNIQUE (operator_id, channel, merchant_refund_no),
        FOREIGN KEY (payment_id, operator_id) REFERENCES payment (id, operator_id)
      );
      ${tenantTable('refund')}
      ${undeletableTable('refund')}
      CREATE INDEX refund_payment ON refund (payment_id);
      CREATE INDEX refund_day ON refund (operator_id, channel, refunded_day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE refund, payment_allocation, payment`);
  }
}
