import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What all tenants share: statistics regions, kinds of service, guidelines of the country and its cities. */
export class Regions1763900000101 implements MigrationInterface {
  name = 'Regions1763900000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REGIONS);
    await runner.query(KINDS);
    await runner.query(GUIDELINES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE guideline, service_kind, region`);
  }
}

const REGIONS = `
  -- all tenants: the country's statistics regions are the same for everybody
  CREATE TABLE region (
    code text COLLATE "C" PRIMARY KEY,
    level text NOT NULL,
    parent_code text COLLATE "C" REFERENCES region,
    name text NOT NULL CHECK (btrim(name) <> ''),
    -- Centroid in WGS-84, and as it was measured.
    lng double precision CHECK (lng BETWEEN -180 AND 180),
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    source_lng double precision,
    source_lat double precision,
    source_crs text CHECK (source_crs IN ('WGS84', 'GCJ02', 'BD09')),
    households int CHECK (households >= 0),
    population_0_to_3 int CHECK (population_0_to_3 >= 0),
    population_60_plus int CHECK (population_60_plus >= 0),
    population_80_plus int CHECK (population_80_plus >= 0),
    -- The edition of the codes that last named it.
    source text NOT NULL CHECK (btrim(source) <> ''),
    year int NOT NULL CHECK (year BETWEEN 1980 AND 2100),
    version int NOT NULL CHECK (version >= 1),
    updated_at timestamptz NOT NULL,
    CONSTRAINT region_level_fits_code CHECK (code ~ '^\\d+$' AND length(code) =
      CASE level WHEN 'province' THEN 2 WHEN 'city' THEN 4 WHEN 'district' THEN 6 WHEN 'street' THEN 9
                 WHEN 'community' THEN 12 END),
    CONSTRAINT region_stands_under_parent CHECK (
      CASE WHEN level = 'province' THEN parent_code IS NULL
           ELSE parent_code IS NOT NULL AND parent_code <> code AND starts_with(code, parent_code) END),
    CONSTRAINT region_point_is_whole CHECK (num_nonnulls(lng, lat, source_lng, source_lat, source_crs) IN (0, 5)),
    CONSTRAINT region_over_80_are_over_60 CHECK (population_80_plus <= population_60_plus)
  );
  CREATE INDEX region_parent ON region (parent_code, code);
  CREATE INDEX region_level ON region (level, code);
`;

const KINDS = `
  -- all tenants: the kinds of service are the country's, and a city's own are for all who work there
  CREATE TABLE service_kind (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    name_zh text NOT NULL CHECK (btrim(name_zh) <> ''),
    name_en text NOT NULL CHECK (btrim(name_en) <> ''),
    urgent_and_scarce boolean NOT NULL,
    -- A city's own kind; null: everywhere.
    region_code text COLLATE "C" REFERENCES region,
    -- Modes that fit it; none: all.
    modes text[] NOT NULL DEFAULT '{}',
    -- Order of listing.
    place int NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version int NOT NULL DEFAULT 1 CHECK (version >= 1)
  );
  -- The eight kinds of 国办函〔2023〕121号, and the ninth that some cities add.
  INSERT INTO service_kind (code, name_zh, name_en, urgent_and_scarce, modes, place) VALUES
    ('elderly_care', '养老', 'Elderly care',              true,  '{}', 1),
    ('childcare',    '托育', 'Childcare under three',     true,  '{full_day,half_day,timed,temporary}', 2),
    ('meals',        '助餐', 'Community meals',           true,  '{}', 3),
    ('household',    '家政便民', 'Household convenience', false, '{}', 4),
    ('health',       '健康', 'Health',                    false, '{}', 5),
    ('sports',       '体育健身', 'Sports and fitness',    false, '{}', 6),
    ('culture',      '文化休闲', 'Culture and leisure',   false, '{}', 7),
    ('recreation',   '儿童游憩', 'Children''s recreation', false, '{}', 8),
    ('after_school', '儿童托管', 'After-school care',     true,  '{}', 9);
`;

const GUIDELINES = `
  -- all tenants: guidelines are public rules
  CREATE TABLE guideline (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    -- Leading digits of the region that it holds for; '': the whole country.
    region_prefix text COLLATE "C" NOT NULL CHECK (region_prefix ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9})?$'),
    valid_from date NOT NULL,
    -- First day that is out.
    valid_to date CHECK (valid_to > valid_from),
    complex_area_min_m2 int CHECK (complex_area_min_m2 > 0),
    complex_area_better_m2 int CHECK (complex_area_better_m2 >= complex_area_min_m2),
    complex_kinds_min int CHECK (complex_kinds_min > 0),
    complex_scarce_kinds_min int CHECK (complex_scarce_kinds_min >= 0),
    area_per_100_households_m2 int CHECK (area_per_100_households_m2 > 0),
    -- [{ageMonthsMin, ageMonthsMax, groupMax, staffRatioMax}]
    childcare_classes jsonb,
    source text NOT NULL,
    CONSTRAINT guideline_one_at_a_time
      EXCLUDE USING gist (region_prefix WITH =, daterange(valid_from, valid_to) WITH &&)
  );
  INSERT INTO guideline (region_prefix, valid_from, valid_to, complex_area_min_m2, complex_area_better_m2,
                         complex_kinds_min, complex_scarce_kinds_min, area_per_100_households_m2, childcare_classes,
                         source)
  SELECT '', valid_from, valid_to, area_min, area_better, kinds, scarce_kinds, per_100_households,
         '[{"ageMonthsMin": 6, "ageMonthsMax": 12, "groupMax": 10, "staffRatioMax": 3},
           {"ageMonthsMin": 12, "ageMonthsMax": 24, "groupMax": 15, "staffRatioMax": 5},
           {"ageMonthsMin": 24, "ageMonthsMax": 36, "groupMax": 20, "staffRatioMax": 7}]',
         source
  FROM (VALUES
    ('2019-10-08'::date, '2023-11-19'::date, NULL::int, NULL::int, NULL::int, NULL::int, NULL::int,
     '托育机构设置标准（试行）2019'),
    ('2023-11-19', NULL, 600, 800, 3, 2, 30, '国办函〔2023〕121号; 托育机构设置标准（试行）2019')
  ) AS national (valid_from, valid_to, area_min, area_better, kinds, scarce_kinds, per_100_households, source);
`;
