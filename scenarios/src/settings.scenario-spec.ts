import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROCESSES } from '@doorstep/local-stack';
import { envNamesOf, settingsDocument } from '@doorstep/platform';

const ROOT = join(__dirname, '../..');
const FILE = join(ROOT, 'docs/SETTINGS.md');

describe('docs/SETTINGS.md', () => {
  it('says what the config classes say', () => {
    const document = settingsDocument(
      Object.fromEntries(PROCESSES.map((name) => [name, envNamesOf(configOf(name))])),
    );
    if (process.env.DOCS === 'write') writeFileSync(FILE, document);
    expect(readFileSync(FILE, 'utf8')).toBe(document);
  });
});

/** By path: proofs look at services from outside and don't import them. */
function configOf(name: string): new () => object {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is made from the process' name
  return (require(join(ROOT, 'apps', name, 'src/index')) as { Config: new () => object }).Config;
}
