import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { regionReader, regionWriter } from './policies';

/** Complaints, and what residents thought of what was delivered. */
export class Complaints1763900000011 implements MigrationInterface {
  name = 'Complaints1763900000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COMPLAINTS);
    await runner.query(RATINGS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX known_booking_day;
      DROP TABLE service_rating, complaint_step, complaint
    `);
  }
}

const COMPLAINTS = `
  CREATE TABLE complaint (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES organisation,
    site_id uuid NOT NULL REFERENCES known_site,
    booking_id uuid,
    category text NOT NULL CHECK (category ~ '^[a-z][a-z0-9_]{1,39}$'),
    severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
    -- What was said may name people: it is told to nobody.
    text text NOT NULL CHECK (btrim(text) <> ''),
    owner_id uuid REFERENCES person,
    opened_on date NOT NULL,
    answer_by date NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'answered', 'closed')),
    answer text,
    answered_on date,
    upheld boolean,
    closed_on date,
    -- Day on which it was told that the time is over; null again with an answer or more time.
    overdue_since date,
    reopened int NOT NULL DEFAULT 0,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK ((status = 'open') = (answered_on IS NULL)),
    CHECK ((answered_on IS NULL) = (answer IS NULL) AND (answered_on IS NULL) = (upheld IS NULL)),
    CHECK ((status = 'closed') = (closed_on IS NOT NULL)),
    CHECK (overdue_since IS NULL OR status = 'open')
  );
  CREATE INDEX complaint_operator ON complaint (operator_id, id);
  CREATE INDEX complaint_site ON complaint (site_id, opened_on);
  CREATE INDEX complaint_due ON complaint (answer_by) WHERE status = 'open' AND overdue_since IS NULL;
  ${tenantTable('complaint')}
  ${regionWriter('complaint')}

  -- Every answer and reopening, as it was.
  CREATE TABLE complaint_step (
    id uuid PRIMARY KEY,
    complaint_id uuid NOT NULL REFERENCES complaint,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ('answered', 'reopened')),
    text text NOT NULL CHECK (btrim(text) <> ''),
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL
  );
  CREATE INDEX complaint_step_complaint ON complaint_step (complaint_id);
  ${tenantTable('complaint_step')}
  ${regionWriter('complaint_step')}
  ${appendOnlyTable('complaint_step')}
`;

const RATINGS = `
  CREATE TABLE service_rating (
    booking_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    service_day date NOT NULL,
    stars int NOT NULL CHECK (stars BETWEEN 1 AND 5),
    rated_at timestamptz NOT NULL
  );
  CREATE INDEX service_rating_day ON service_rating (operator_id, service_day);
  ${tenantTable('service_rating')}
  ${regionReader('service_rating')}
  ${appendOnlyTable('service_rating')}

  CREATE INDEX known_booking_day ON known_booking (operator_id, service_day);
`;
