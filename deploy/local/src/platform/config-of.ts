import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WORKSPACE } from '../workspace';
import type { ProcessName } from './services';

/** The config class of a process, by path: the stack stands below the services and does not import them. */
export function configOf(name: ProcessName): new () => object {
  const folder = __filename.endsWith('.ts') ? 'src' : 'dist';
  return (
    createRequire(__filename)(join(WORKSPACE, 'apps', name, folder, 'index')) as { Config: new () => object }
  ).Config;
}
