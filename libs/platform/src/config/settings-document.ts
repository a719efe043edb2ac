import type { EnvName } from './env';

const HEAD = `# Settings

Every process reads its settings from the environment, and says everything that is missing at once when it starts.
Made from the config classes (\`apps/*/src/config.ts\`). After a change there write it again with
\`DOCS=write npx jest scenarios/src/settings\`; a spec fails when it is stale.

Secrets have no default anywhere: \`npm start\` makes its own, \`npm run secrets\` prints a set for containers.
`;

/** docs/SETTINGS.md: what all processes share, what most share, then each one's own. */
export function settingsDocument(processes: Record<string, EnvName[]>): string {
  const all = Object.values(processes);
  const services = all.filter((names) => names.some(({ name }) => name === 'DATABASE_URL'));
  const inAll = commonTo(all);
  const inServices = commonTo(services).filter((one) => !holds(inAll, one));
  const sections = Object.entries(processes).map(([process, names]) => {
    const shared = services.includes(names) ? [...inAll, ...inServices] : inAll;
    return section(
      process,
      names.filter((one) => !holds(shared, one)),
    );
  });
  const first = [section('every process', inAll), section('every service', inServices)];
  return [HEAD, ...first, ...sections.filter((text) => text !== '')].join('\n');
}

/** Names that mean the same, with the same default, in each list. */
function commonTo(lists: EnvName[][]): EnvName[] {
  return lists[0].filter((one) => lists.every((names) => holds(names, one)));
}

function holds(names: EnvName[], { name, fallback }: EnvName): boolean {
  return names.some((one) => one.name === name && one.fallback === fallback);
}

function section(title: string, names: EnvName[]): string {
  if (names.length === 0) return '';
  const rows = names.map((one) => [
    `\`${one.name}\``,
    defaultOf(one),
    one.description.replaceAll('|', '\\|'),
  ]);
  return `## ${title}\n\n${tableOf(['name', 'default', 'what it is for'], rows)}\n`;
}

function defaultOf({ required, secret, fallback }: EnvName): string {
  if (required) return secret ? 'required, secret' : 'required';
  return fallback ? `\`${fallback}\`` : 'none';
}

/** A Markdown table, aligned as Prettier would, so that formatting finds nothing to change. */
export function tableOf(titles: string[], rows: string[][]): string {
  const widths = titles.map((title, i) => Math.max(title.length, 3, ...rows.map((cells) => cells[i].length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}
