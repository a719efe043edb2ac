import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { say, type SourceFile } from './finding';
import { RULES, tidy } from './tidy';

const ROOT = join(__dirname, '..', '..', '..');
const BYTES_MAX = 2_000_000;

/** npm run check:tidy: every broken house rule on one line, exit 1 when there is one. */
function main(): void {
  const files = workingFiles();
  const findings = tidy(files);
  for (const finding of findings) process.stdout.write(`${say(finding)}\n`);
  const verdict = findings.length === 0 ? 'nothing to mend' : `${findings.length} to mend`;
  process.stdout.write(`tidy: ${RULES.length} rules over ${files.length} files, ${verdict}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

/** What git would commit, as it lies in the working tree: text only. */
function workingFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return [...new Set(listed.split('\0'))].filter(Boolean).flatMap((path) => {
    const whole = join(ROOT, path);
    const size = statSync(whole, { throwIfNoEntry: false })?.size ?? Infinity;
    if (size > BYTES_MAX) return [];
    const text = readFileSync(whole, 'utf8');
    return text.includes('\0') ? [] : { path, text };
  });
}

main();
