import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocument } from './access-document';

const FILE = join(__dirname, '../../../../docs/ACCESS.md');

describe('docs/ACCESS.md', () => {
  it('says what the permission table says', () => {
    if (process.env.DOCS === 'write') writeFileSync(FILE, accessDocument());
    expect(readFileSync(FILE, 'utf8')).toBe(accessDocument());
  });
});
