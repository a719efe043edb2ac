import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INSPECTION_SEEDS } from './inspection-seeds';
import { REGION_COLUMN, regionReader, regionWriter, RULE_DAYS } from './policies';

/** Checklists, inspections of sites, what they found, how sites stand because of it, and their stars. */
export class Inspections1763900000010 implements MigrationInterface {
  name = 'Inspections1763900000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [OFFERINGS, CHECKLISTS, INSPECTIONS, FINDINGS, STANDINGS, RATINGS, INSPECTION_SEEDS]) {
      await runner.query(part);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE site_rating_standing, site_rating, rating_rule, site_inspection_standing, finding_evidence,
        finding_reinspection, finding, inspection, checklist, known_offering
    `);
  }
}

const OFFERINGS = `
  -- Read model of facilities.offering.v1: what findings and staff ratios are about.
  CREATE TABLE known_offering (
    offering_id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    mode text NOT NULL,
    capacity_model text NOT NULL,
    capacity int NOT NULL,
    age_months_min int,
    age_months_max int,
    schedule jsonb NOT NULL,
    active boolean NOT NULL,
    version int NOT NULL
  );
  CREATE INDEX known_offering_site ON known_offering (site_id);
  ${tenantTable('known_offering')}
  ${regionReader('known_offering')}
`;

const CHECKLISTS = `
  -- all tenants: what inspections in a place look at.
  CREATE TABLE checklist (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL CHECK (btrim(name) <> ''),
    ${REGION_COLUMN},
    -- Null: the site as a whole.
    kind text CHECK (kind ~ '^[a-z][a-z0-9_]{1,39}$'),
    ${RULE_DAYS},
    -- [{code, title, weight, severity}]; never changed, a new list takes the place of an old one.
    items jsonb NOT NULL CHECK (jsonb_array_length(items) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT checklist_once EXCLUDE USING gist (
      coalesce(kind, '') WITH =, coalesce(region_code, '') WITH =, daterange(from_day, to_day) WITH &&)
  );
`;

const INSPECTIONS = `
  CREATE TABLE inspection (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES organisation,
    site_id uuid NOT NULL REFERENCES known_site,
    checklist_id uuid NOT NULL REFERENCES checklist,
    -- Null: the site as a whole.
    kind text,
    inspected_by text NOT NULL CHECK (inspected_by IN ('authority', 'operator')),
    inspector_organisation_id uuid,
    inspector_id uuid NOT NULL,
    planned_on date NOT NULL,
    status text NOT NULL CHECK (status IN ('planned', 'carried_out', 'closed', 'cancelled')),
    status_reason text,
    carried_out_on date,
    -- [{item, outcome}] for each item of the checklist.
    results jsonb,
    -- Basis points of the weights that count; null when nothing could be judged.
    score_bp int CHECK (score_bp BETWEEN 0 AND 10000),
    closed_on date,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK ((status IN ('carried_out', 'closed')) = (carried_out_on IS NOT NULL)),
    CHECK ((carried_out_on IS NULL) = (results IS NULL)),
    CHECK ((status = 'closed') = (closed_on IS NOT NULL)),
    CHECK ((status = 'cancelled') = (status_reason IS NOT NULL))
  );
  CREATE INDEX inspection_operator ON inspection (operator_id, id);
  CREATE INDEX inspection_site ON inspection (site_id, carried_out_on);
  ${tenantTable('inspection')}
  ${regionWriter('inspection')}
`;

const FINDINGS = `
  CREATE TABLE finding (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL REFERENCES known_site,
    inspection_id uuid NOT NULL REFERENCES inspection,
    raised_by text NOT NULL CHECK (raised_by IN ('authority', 'operator')),
    -- The item of the checklist that failed; null: found beside it.
    item text,
    severity text NOT NULL CHECK (severity IN ('minor', 'major', 'severe')),
    concerns text NOT NULL CHECK (concerns IN ('site', 'kind', 'offering')),
    kind text,
    offering_id uuid,
    description text NOT NULL CHECK (btrim(description) <> ''),
    raised_on date NOT NULL,
    -- Last day to put it right.
    rectify_by date NOT NULL CHECK (rectify_by >= raised_on),
    status text NOT NULL CHECK (status IN ('open', 'rectified', 'closed', 'withdrawn')),
    rectification text,
    rectified_on date,
    -- Day on which it was told that the time is over; null again with a new deadline.
    overdue_since date,
    closed_on date,
    closing_reason text,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CHECK ((concerns = 'site') = (kind IS NULL)),
    CHECK ((concerns = 'offering') = (offering_id IS NOT NULL)),
    CHECK ((status IN ('closed', 'withdrawn')) = (closed_on IS NOT NULL)),
    CHECK (status <> 'rectified' OR rectified_on IS NOT NULL)
  );
  CREATE INDEX finding_operator ON finding (operator_id, id);
  CREATE INDEX finding_inspection ON finding (inspection_id);
  CREATE INDEX finding_site ON finding (site_id) WHERE status IN ('open', 'rectified');
  CREATE INDEX finding_due ON finding (rectify_by) WHERE status = 'open' AND overdue_since IS NULL;
  ${tenantTable('finding')}
  ${regionWriter('finding')}

  CREATE TABLE finding_reinspection (
    id uuid PRIMARY KEY,
    finding_id uuid NOT NULL REFERENCES finding,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    inspected_on date NOT NULL,
    passed boolean NOT NULL,
    note text,
    inspector_organisation_id uuid,
    inspector_id uuid NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE INDEX finding_reinspection_finding ON finding_reinspection (finding_id);
  ${tenantTable('finding_reinspection')}
  ${regionWriter('finding_reinspection')}
  ${appendOnlyTable('finding_reinspection')}

  CREATE TABLE finding_evidence (
    id uuid PRIMARY KEY,
    finding_id uuid NOT NULL REFERENCES finding,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL,
    stage text NOT NULL CHECK (stage IN ('found', 'rectified')),
    name text NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes int NOT NULL CHECK (bytes BETWEEN 1 AND 1048576),
    content bytea NOT NULL CHECK (octet_length(content) = bytes),
    added_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- The same file twice says nothing more.
    CONSTRAINT finding_evidence_once UNIQUE (finding_id, sha256)
  );
  ${tenantTable('finding_evidence')}
  ${regionWriter('finding_evidence')}
  ${appendOnlyTable('finding_evidence')}
`;

const STANDINGS = `
  -- What severe findings keep from being booked at a site, as it was last told (version 0: not told yet).
  CREATE TABLE site_inspection_standing (
    site_id uuid PRIMARY KEY REFERENCES known_site,
    operator_id uuid NOT NULL,
    blocks jsonb NOT NULL DEFAULT '[]',
    version int NOT NULL DEFAULT 0
  );
  CREATE INDEX site_inspection_standing_blocked ON site_inspection_standing (site_id) WHERE blocks <> '[]';
  ${tenantTable('site_inspection_standing')}
  ${regionWriter('site_inspection_standing')}
`;

const RATINGS = `
  -- all tenants: how scores become stars in a place.
  CREATE TABLE rating_rule (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    ${REGION_COLUMN},
    ${RULE_DAYS},
    -- Inspections of so many months count, each alike.
    window_months int NOT NULL CHECK (window_months BETWEEN 1 AND 60),
    counts text NOT NULL CHECK (counts IN ('authority', 'all')),
    inspections_min int NOT NULL CHECK (inspections_min BETWEEN 1 AND 100),
    -- Least mean score, in basis points, for two, three, four and five stars.
    two_stars_bp int NOT NULL CHECK (two_stars_bp BETWEEN 0 AND 10000),
    three_stars_bp int NOT NULL CHECK (three_stars_bp BETWEEN two_stars_bp AND 10000),
    four_stars_bp int NOT NULL CHECK (four_stars_bp BETWEEN three_stars_bp AND 10000),
    five_stars_bp int NOT NULL CHECK (five_stars_bp BETWEEN four_stars_bp AND 10000),
    -- Most stars while a severe finding stands.
    severe_stars_max int NOT NULL CHECK (severe_stars_max BETWEEN 1 AND 5),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rating_rule_once EXCLUDE USING gist (
      coalesce(region_code, '') WITH =, daterange(from_day, to_day) WITH &&)
  );

  CREATE TABLE site_rating (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL,
    site_id uuid NOT NULL REFERENCES known_site,
    stars int NOT NULL CHECK (stars BETWEEN 1 AND 5),
    from_day date NOT NULL,
    to_day date CHECK (to_day > from_day),
    basis text NOT NULL CHECK (basis IN ('rule', 'set')),
    rule_id uuid REFERENCES rating_rule,
    -- Mean of the inspections that counted when it came to be, and how many.
    score_bp int CHECK (score_bp BETWEEN 0 AND 10000),
    inspections int,
    reason text,
    set_by_organisation_id uuid,
    created_at timestamptz NOT NULL,
    CHECK ((basis = 'rule') = (rule_id IS NOT NULL)),
    CHECK ((basis = 'set') = (reason IS NOT NULL)),
    CONSTRAINT site_rating_one_a_day EXCLUDE USING gist (site_id WITH =, daterange(from_day, to_day) WITH &&)
  );
  CREATE INDEX site_rating_operator ON site_rating (operator_id, id);
  ${tenantTable('site_rating')}
  ${regionWriter('site_rating')}

  -- One row per site that has ever been rated or inspected: its lock, and when to look again.
  CREATE TABLE site_rating_standing (
    site_id uuid PRIMARY KEY REFERENCES known_site,
    operator_id uuid NOT NULL,
    -- The day on which to look again; null: nothing changes by itself.
    look_on date,
    version int NOT NULL DEFAULT 0
  );
  CREATE INDEX site_rating_standing_look ON site_rating_standing (look_on);
  ${tenantTable('site_rating_standing')}
  ${regionWriter('site_rating_standing')}
`;
