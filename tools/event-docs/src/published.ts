import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Schema } from './schema';

/**
 * The schemas that others may already rely on: those of the last commit, so that work in hand can still change its mind.
 * Outside of a git repository (an unpacked archive): the files as they lie there.
 *
 * @param root of the repository
 * @param folder of the schemas, relative to it
 */
export function publishedSchemas(root: string, folder: string): Map<string, Schema> {
  const committed = git(root, 'ls-tree', '-z', '--name-only', 'HEAD', `${folder}/`);
  if (committed === undefined) {
    return schemasOf(readdirSync(join(root, folder)), (name) =>
      readFileSync(join(root, folder, name), 'utf8'),
    );
  }
  const names = committed
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.slice(folder.length + 1));
  return schemasOf(names, (name) => git(root, 'show', `HEAD:${folder}/${name}`) ?? '{}');
}

function schemasOf(names: string[], read: (name: string) => string): Map<string, Schema> {
  return new Map(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.replace(/\.json$/, ''), JSON.parse(read(name)) as Schema]),
  );
}

/** What git prints; undefined where there is no git, no repository or no commit. */
function git(root: string, ...words: string[]): string | undefined {
  try {
    return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
