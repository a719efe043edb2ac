import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileChannel } from './file.channel';

const folder = mkdtempSync(join(tmpdir(), 'doorstep-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mail = (id: string, at: string) => ({
  id,
  at: new Date(at),
  to: { name: '王秀英', mobile: '13800000000' },
  language: 'zh-CN' as const,
  subject: '预约成功',
  text: '您好\n再见',
});

describe('the file sink', () => {
  it('writes one line a message and one file a day, for the owner alone', async () => {
    const out = join(folder, 'deep', 'out');
    const channel = new FileChannel(out);
    for (const [id, at] of [
      ['a', '2026-11-20T06:00:00Z'],
      ['b', '2026-11-20T23:59:59Z'],
      ['c', '2026-11-21T00:00:00Z'],
    ]) {
      expect(await channel.send(mail(id, at))).toEqual({ kind: 'sent' });
    }
    const lines = readFileSync(join(out, '2026-11-20.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['a', 'b']);
    expect(JSON.parse(lines[0])).toMatchObject({ text: '您好\n再见', to: { name: '王秀英' } });
    expect(statSync(out).mode & 0o077).toBe(0);
    expect(statSync(join(out, '2026-11-21.jsonl')).mode & 0o077).toBe(0);
  });

  it('is tried again when it cannot be written', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const outcome = await new FileChannel(join(folder, 'taken')).send(mail('a', '2026-11-20T06:00:00Z'));
    expect(outcome).toEqual({ kind: 'failed', reason: 'file_enotdir' });
  });
});
