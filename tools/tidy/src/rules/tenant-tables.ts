import { type Finding, lineAt, type Rule, type SourceFile } from '../finding';

const CREATE_TABLE = /CREATE TABLE\s+(?:IF NOT EXISTS\s+)?"?([\w.]+)"?\s*\(/gi;
/** In SQL above or inside of a table without a tenant: `-- all tenants: regions are the same for everybody`. */
const EXEMPTION = /--\s*all tenants:\s*\S+/;

/**
 * Each table of a service carries `operator_id` and is closed by row-level security, so that a forgotten WHERE
 * leaks nothing; a table that all tenants share says so where it is made. `CREATE TABLE … PARTITION OF` and
 * `… AS` make no columns of their own and are not looked at.
 */
export const tenantTables: Rule = (files) => {
  const byFolder = new Map<string, SourceFile[]>();
  for (const file of files) {
    const folder = /^(apps\/[^/]+\/src\/migrations)\//.exec(file.path)?.[1];
    if (folder) byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  return [...byFolder.values()].flatMap((migrations) => {
    const all = migrations.map(({ text }) => text).join('\n');
    return migrations.flatMap((file) => tablesOf(file).flatMap((table) => judge(file, table, all)));
  });
};

interface Table {
  name: string;
  index: number;
  columns: string;
  /** Comment lines directly above. */
  heading: string;
}

function tablesOf({ text }: SourceFile): Table[] {
  return [...text.matchAll(CREATE_TABLE)].map((match) => {
    const opening = match.index + match[0].length - 1;
    const above = text.slice(0, match.index).trimEnd().split('\n');
    const heading: string[] = [];
    while (above.at(-1)?.trim().startsWith('--')) heading.unshift(above.pop() as string);
    return {
      name: match[1] as string,
      index: match.index,
      columns: text.slice(opening, closingParenthesis(text, opening)),
      heading: heading.join('\n'),
    };
  });
}

function judge(file: SourceFile, table: Table, allMigrations: string): Finding[] {
  const at = { path: file.path, line: lineAt(file.text, table.index) };
  if (EXEMPTION.test(table.heading) || EXEMPTION.test(table.columns)) return [];
  if (!/\boperator_id\b/.test(table.columns)) {
    return [
      {
        ...at,
        rule: 'tenant-column',
        what: `table ${table.name} has no operator_id`,
        mend: 'add it, or say above CREATE TABLE why everybody shares the table: -- all tenants: …',
      },
    ];
  }
  const name = table.name.replaceAll('.', '\\.');
  const closed = new RegExp(
    `tenantTable\\(\\s*['"\`]${name}['"\`]|ALTER TABLE\\s+${name}\\s+FORCE ROW LEVEL SECURITY`,
    'i',
  );
  if (closed.test(allMigrations) || listedForTenantTable(table.name, allMigrations)) return [];
  return [
    {
      ...at,
      rule: 'tenant-security',
      what: `table ${table.name} has operator_id but no row-level security`,
      mend: `add \${tenantTable('${table.name}')} to the migration`,
    },
  ];
}

/** `for (const table of ['a', 'b']) … tenantTable(table)` and `['a', 'b'].map((table) => tenantTable(table))`. */
function listedForTenantTable(name: string, text: string): boolean {
  return (
    /tenantTable\(\s*[a-z]\w*|\.map\(\s*tenantTable\b/i.test(text) && new RegExp(`['"]${name}['"]`).test(text)
  );
}

function closingParenthesis(text: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}
