import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlainFailure, PROCESSES } from '@doorstep/local-stack';

const run = promisify(execFile);
const WORKSPACE = join(__dirname, '..', '..');
const BUILD_MS_MAX = 600_000;

/**
 * What is measured is what is deployed: services that run their sources have the compiler of the sources in their memory, some
 * 60 MB. Seconds when nothing has changed since the last build.
 */
export async function buildServices(say: (line: string) => void): Promise<void> {
  say('building the services …');
  const projects = [...PROCESSES, 'local-stack'].join(',');
  const nx = join(WORKSPACE, 'node_modules', '.bin', 'nx');
  try {
    await run(nx, ['run-many', '-t', 'build', '-p', projects], { cwd: WORKSPACE, timeout: BUILD_MS_MAX });
  } catch (error) {
    const { stdout = '', message } = error as { stdout?: string; message: string };
    throw new PlainFailure(
      `The services cannot be built; --source measures them without.\n${stdout.trim().slice(-2_000) || message}`,
    );
  }
}
