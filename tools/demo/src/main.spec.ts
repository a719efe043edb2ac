import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Report } from './report';

const ROOT = resolve(__dirname, '../../..');

interface Ended {
  code: number | null;
  output: string;
}

/** Runs the demo as a newcomer would, in a process of its own. */
function demo(...args: string[]): Promise<Ended> {
  const command = ['-C', '@doorstep/source', '-r', '@swc-node/register', 'tools/demo/src/main.ts', ...args];
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 400_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', failed);
    child.once('exit', (code) => done({ code, output }));
  });
}

describe('the demo', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorstep-demo-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('plays a day in two cities on a stack of its own, every check holds, and it ends', async () => {
    const file = join(folder, 'day.json');
    const { code, output } = await demo(
      ...['--once', '--city', '3101,3301', '--communities', '6', '--seed', '3', '--report', file],
    );
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    expect(report.checks.filter((check) => !check.ok)).toEqual([]);
    expect(report).toMatchObject({
      communities: 6,
      sites: 6,
      contracts: 1,
      overbooked: 0,
      reconciliation: { differenceFen: 0 },
    });
    expect(report.settlement.faultsFound).toBe(report.settlement.seededFaults);
    expect(output).toContain('checks hold');
    // A tool that is missing has checked nothing; where everything is proved it must be there.
    const checkedBy = spawnSync('hledger', ['--version']).status === 0 || process.env.CI !== undefined;
    expect(report.notChecked.map(({ name }) => name)).toEqual(checkedBy ? [] : ['hledger check']);
    expect(report.checks.filter(({ name }) => name === 'hledger check')).toHaveLength(checkedBy ? 1 : 0);
  }, 420_000);

  it.each([
    ['a city that does not exist', ['--city', '0000'], 'There is no city 0000'],
    ['a list with such a city', ['--city', '3101,0000'], 'There is no city 0000'],
    ['no number', ['--communities', 'many'], '--communities is a whole number'],
    ['an unknown option', ['--fast'], '--seed 1'],
  ])('says in plain words what is wrong with %s, and exits with 1', async (_what, args, sentence) => {
    const { code, output } = await demo(...args);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain('    at ');
  });
});
