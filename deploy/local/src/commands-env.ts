import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { COMMANDS_ENV } from './workspace';

/**
 * Preloaded by the commands of docs/OPERATIONS.md: on the machine of `npm start` they find its databases by themselves.
 * Whoever names another database by the environment means that one, and nothing here comes in between.
 */
const named = Object.keys(process.env).some((name) => /(^|_)DATABASE_URL$/.test(name));
if (!named && existsSync(COMMANDS_ENV)) loadEnvFile(COMMANDS_ENV);
