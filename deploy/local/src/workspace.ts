import { join } from 'node:path';

/** The checkout's root; the same distance from src/ and from dist/. */
export const WORKSPACE = join(__dirname, '..', '..', '..');

/** What the commands keep between runs: data, logs, secrets. Ignored by git. DOORSTEP_DIR names another place. */
export const KEPT = process.env.DOORSTEP_DIR || join(WORKSPACE, '.doorstep');

/** Where `npm start` leaves what commands have to know of it. */
export const COMMANDS_ENV = join(KEPT, 'commands.env');

/** Runs this workspace's TypeScript from source: Node flags to put before the file's name. */
export const FROM_SOURCE = ['-C', '@doorstep/source', '-r', '@swc-node/register'];
