/** An authority sees what belongs to the sites of its region; known_site's own policy says which those are. */
export const regionReader = (table: string): string => `
  CREATE POLICY region_reader ON ${table} FOR SELECT USING (
    (SELECT current_setting('app.region_prefix', true)) <> ''
    AND EXISTS (SELECT FROM known_site s WHERE s.site_id = ${table}.site_id)
  );`;

/** An authority also writes there: its inspectors work at sites of every tenant of the region. */
export const regionWriter = (table: string): string => {
  const own = `
    (SELECT current_setting('app.region_prefix', true)) <> ''
    AND EXISTS (SELECT FROM known_site s
                WHERE s.site_id = ${table}.site_id AND s.operator_id = ${table}.operator_id)`;
  return `CREATE POLICY region_writer ON ${table} USING (${own}) WITH CHECK (${own});`;
};

/** Where a rule holds: a region with all that lies in it; null: everywhere. */
export const REGION_COLUMN = `region_code text CHECK (region_code ~ '^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$')`;
export const RULE_DAYS = `from_day date NOT NULL, to_day date CHECK (to_day > from_day)`;
