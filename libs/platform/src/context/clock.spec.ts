import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalClock } from './clock';

describe('a rehearsal clock', () => {
  const directory = mkdtempSync(join(tmpdir(), 'doorstep-clock-'));
  const file = join(directory, 'clock');
  afterAll(() => rmSync(directory, { recursive: true }));

  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
  const ahead = (clock: RehearsalClock): number =>
    Math.round((clock.now().getTime() - Date.now()) / 1_000) * 1_000;

  it('is ahead by what its file says, a moment later at most', async () => {
    writeFileSync(file, '0');
    const clock = new RehearsalClock(file);
    expect(ahead(clock)).toBe(0);
    writeFileSync(file, '3600000\n');
    await pause();
    expect(ahead(clock)).toBe(3_600_000);
  });

  it('keeps what it knew while the file is being written', async () => {
    writeFileSync(file, '60000');
    const clock = new RehearsalClock(file);
    writeFileSync(file, '');
    await pause();
    expect(ahead(clock)).toBe(60_000);
  });
});
