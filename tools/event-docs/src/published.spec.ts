import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedSchemas } from './published';

const root = mkdtempSync(join(tmpdir(), 'published-'));
afterAll(() => rmSync(root, { recursive: true }));

const write = (type: string, title: string) =>
  writeFileSync(join(root, 'docs/schemas', `${type}.json`), JSON.stringify({ title }));
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words], { cwd: root });
const published = () => [...publishedSchemas(root, 'docs/schemas')];

it('are the files where there is no repository, and those of the last commit where there is one', () => {
  mkdirSync(join(root, 'docs/schemas'), { recursive: true });
  write('a.B.v1', 'first');
  expect(published()).toEqual([['a.B.v1', { title: 'first' }]]);

  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  write('a.B.v1', 'changed since');
  write('a.C.v1', 'not committed yet');
  expect(published()).toEqual([['a.B.v1', { title: 'first' }]]);

  rmSync(join(root, 'docs/schemas/a.B.v1.json'));
  expect(published()).toEqual([['a.B.v1', { title: 'first' }]]);
});
