import { CAPACITY_MODELS, CARE_LEVELS, DELIVERIES, SERVICE_MODES, SITE_STATUSES } from '@doorstep/contracts';
import { appendOnlyTable, tenantTable } from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sites, their spaces and what they offer. Authorities read all of it by region. */
export class Sites1763900000102 implements MigrationInterface {
  name = 'Sites1763900000102';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [SITES, MILESTONES, SPACES, OFFERINGS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE offering, space, site_milestone, site`);
  }
}

const among = (values: readonly string[]) => `IN (${values.map((value) => `'${value}'`).join(', ')})`;
const byRegion = { regionColumn: 'region_code' };

/** Children carry the site's tenant and region, so that row-level security needs no join; the key keeps them equal. */
const OF_SITE = `
    region_code text COLLATE "C" NOT NULL,
    site_id uuid NOT NULL,
    FOREIGN KEY (site_id, operator_id, region_code) REFERENCES site (id, operator_id, region_code) ON UPDATE CASCADE`;

const SITES = `
  CREATE TABLE site (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    code text NOT NULL CHECK (btrim(code) <> ''),
    name_zh text NOT NULL CHECK (btrim(name_zh) <> ''),
    name_en text,
    region_code text COLLATE "C" NOT NULL REFERENCES region CHECK (length(region_code) IN (9, 12)),
    form text NOT NULL CHECK (form IN ('complex', 'point')),
    tier text NOT NULL CHECK (tier IN ('street', 'community')),
    space_source text NOT NULL CHECK (space_source IN ('supplement', 'convert', 'transfer', 'build_along')),
    status text NOT NULL CHECK (status ${among(SITE_STATUSES)}),
    -- WGS-84, and as it was measured.
    lng double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    source_lng double precision NOT NULL,
    source_lat double precision NOT NULL,
    source_crs text NOT NULL CHECK (source_crs IN ('WGS84', 'GCJ02', 'BD09')),
    -- Square of a hundredth of a degree (about 1.1 km northwards): src/nearby/cells.ts counts the same way. Whole
    -- numbers, because row-level security keeps leaky geometric operators away from an index.
    cell int NOT NULL GENERATED ALWAYS AS
      (floor((lat + 90) * 100)::int * 36000 + floor((lng + 180) * 100)::int) STORED,
    time_zone text NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    opening_hours jsonb NOT NULL CHECK (jsonb_typeof(opening_hours) = 'array'),
    opening_overrides jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(opening_overrides) = 'array'),
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT site_code_once UNIQUE (operator_id, code),
    CONSTRAINT site_with_tenant_and_region UNIQUE (id, operator_id, region_code)
  );
  CREATE INDEX site_operator ON site (operator_id, id);
  CREATE INDEX site_region ON site (region_code, id);
  CREATE INDEX site_cell ON site (cell) WHERE status = 'operating';
  ${tenantTable('site', byRegion)}
`;

const MILESTONES = `
  -- What happened to a site and on which day: its life from plan to closure. Only ever added to.
  CREATE TABLE site_milestone (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    ${OF_SITE},
    command text NOT NULL,
    status text NOT NULL CHECK (status ${among(SITE_STATUSES)}),
    day date NOT NULL,
    note text,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL
  );
  CREATE INDEX site_milestone_site ON site_milestone (site_id, id);
  ${tenantTable('site_milestone', byRegion)}
  ${appendOnlyTable('site_milestone')}
`;

const SPACES = `
  CREATE TABLE space (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    ${OF_SITE},
    name text NOT NULL CHECK (btrim(name) <> ''),
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{1,39}$'),
    -- A hall and its courts: who uses the one keeps the other free of everybody else.
    parent_id uuid,
    capacity int NOT NULL CHECK (capacity >= 1),
    active boolean NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT space_name_once UNIQUE (site_id, name),
    CONSTRAINT space_of_site UNIQUE (id, site_id),
    CONSTRAINT space_parent_on_same_site FOREIGN KEY (parent_id, site_id) REFERENCES space (id, site_id),
    CONSTRAINT space_not_in_itself CHECK (parent_id <> id)
  );
  CREATE INDEX space_site ON space (site_id, id);
  ${tenantTable('space', byRegion)}
`;

const OFFERINGS = `
  CREATE TABLE offering (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    operator_id uuid NOT NULL,
    ${OF_SITE},
    code text NOT NULL CHECK (btrim(code) <> ''),
    name_zh text NOT NULL CHECK (btrim(name_zh) <> ''),
    name_en text,
    kind text NOT NULL REFERENCES service_kind,
    mode text NOT NULL CHECK (mode ${among(SERVICE_MODES)}),
    delivery text NOT NULL CHECK (delivery ${among(DELIVERIES)}),
    capacity_model text NOT NULL CHECK (capacity_model ${among(CAPACITY_MODELS)}),
    capacity int NOT NULL CHECK (capacity >= 1),
    staff_ratio int CHECK (staff_ratio >= 1),
    staff_count int CHECK (staff_count >= 0),
    space_id uuid,
    age_months_min int CHECK (age_months_min >= 0),
    age_months_max int CHECK (age_months_max > 0),
    care_level_min text CHECK (care_level_min ${among(CARE_LEVELS)}),
    skills text[] NOT NULL,
    schedule jsonb NOT NULL CHECK (jsonb_typeof(schedule) = 'array'),
    lead_minutes int NOT NULL CHECK (lead_minutes >= 0),
    cutoff_minutes int NOT NULL CHECK (cutoff_minutes >= 0),
    buffer_minutes int NOT NULL CHECK (buffer_minutes >= 0),
    active boolean NOT NULL,
    version int NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT offering_code_once UNIQUE (site_id, code),
    CONSTRAINT offering_space_on_same_site FOREIGN KEY (space_id, site_id) REFERENCES space (id, site_id),
    CONSTRAINT offering_exclusive_is_one CHECK (capacity_model <> 'exclusive' OR capacity = 1),
    CONSTRAINT offering_ratio_bounds_places CHECK (
      num_nonnulls(staff_ratio, staff_count) = 0
      OR (capacity_model = 'places' AND num_nonnulls(staff_ratio, staff_count) = 2)),
    CONSTRAINT offering_ages_leave_somebody CHECK (age_months_min < age_months_max),
    CONSTRAINT offering_opens_before_it_ends CHECK (lead_minutes = 0 OR lead_minutes > cutoff_minutes)
  );
  CREATE INDEX offering_site ON offering (site_id, id);
  CREATE INDEX offering_operator ON offering (operator_id, id);
  CREATE INDEX offering_region ON offering (region_code, id);
  ${tenantTable('offering', byRegion)}
`;
