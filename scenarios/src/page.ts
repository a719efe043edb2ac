import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/**
 * All JavaScript of a page of docs/ as one function.
 *
 * @param given what its reader has at hand, by the names that its lines use
 * @param left names of what its lines leave behind, to be looked at
 */
export async function runPage<Left>(
  page: string,
  given: Record<string, unknown>,
  left: readonly (keyof Left & string)[],
): Promise<Left> {
  const text = await readFile(join(DOCS, page), 'utf8');
  const lines = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
  const body = `return async ({ ${Object.keys(given).join(', ')} }) => {\n${lines}\nreturn { ${left.join(', ')} };\n};`;
  // The page is part of this repository: running it is the point.
  const run = (new Function(body) as () => (at: typeof given) => Promise<Left>)();
  return run(given);
}
