import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { adminPasswordFile } from './platform/environment';
import { type Platform, startPlatform } from './platform/platform';
import { PlainFailure, runCommand } from './stack/plain-failure';
import { onStopSignal } from './stop-signal';
import { KEPT } from './workspace';
import { externalParts, gatewayPort, namedPorts } from './settings';

/** npm start [-- --built]: the whole platform on one machine; data is kept in .doorstep between starts. */
void runCommand(async () => {
  const unknown = process.argv.slice(2).filter((word) => word !== '--built');
  if (unknown.length > 0) throw new PlainFailure(`npm start knows only --built, not ${unknown.join(' ')}.`);
  const stopping = onStopSignal();
  const dataDir = join(KEPT, 'data');
  say('starting PostgreSQL, Kafka and Redis …');
  const platform = await Promise.race([
    startPlatform({
      dataDir,
      built: process.argv.includes('--built'),
      ports: namedPorts(),
      external: externalParts(),
      gatewayPort: gatewayPort(),
      say,
    }),
    stopping,
  ]);
  // Stopped while starting: the guardian ends whatever is half up.
  if (!platform) {
    say('\nstopped before it was up');
    process.exit(130);
  }
  await welcome(platform, dataDir);
  await stopping;
  say('\nstopping …');
  await platform.stop();
  say(`stopped; the data is kept in ${dataDir}`);
  process.exit(0);
});

async function welcome(platform: Platform, dataDir: string): Promise<void> {
  const { gatewayUrl, adminLogin, adminPassword, took } = platform;
  say(`ready after ${(took.readyMs / 1000).toFixed(1)} s`);
  say(`  API            ${gatewayUrl}/v1`);
  say(`  documentation  ${gatewayUrl}/v1/docs`);
  say(`  OpenAPI        ${gatewayUrl}/v1/openapi.json`);
  say(`  logs           ${join(KEPT, 'logs')}`);
  if (adminPassword !== undefined) {
    say(`  administrator  login ${adminLogin}, password ${adminPassword} (shown this once: write it down)`);
    // What stays is the hash in the database.
    await rm(adminPasswordFile(dataDir), { force: true });
  }
  say('Ctrl-C stops everything.');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
