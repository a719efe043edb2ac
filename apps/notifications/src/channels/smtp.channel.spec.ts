import { newId } from '@doorstep/kernel';
import type { Mail } from './channel';
import { SmtpChannel } from './smtp.channel';
import { MailServer } from './mail-server.fixture';

const mail = (changes: Partial<Mail> = {}): Mail => ({
  id: newId(),
  to: { name: '王秀英', email: 'wang@example.org' },
  language: 'zh-CN',
  subject: '预约成功：社区午餐',
  text: '王秀英，您好：\n\n您的预约已确认。',
  at: new Date('2026-11-20T06:00:00Z'),
  ...changes,
});

describe('e-mail by SMTP', () => {
  let server: MailServer;
  let channel: SmtpChannel;

  beforeAll(async () => {
    server = await MailServer.start();
    channel = new SmtpChannel(server.url, 'Doorstep <no-reply@doorstep.example>');
  });

  afterAll(async () => {
    channel.close();
    await server.close();
  });

  it('carries name, subject and text in any script, under an id that is the same on each attempt', async () => {
    const sent = mail();
    expect(await channel.send(sent)).toEqual({ kind: 'sent' });
    const [{ from, to, text }] = server.received;
    expect([from, to]).toEqual(['no-reply@doorstep.example', ['wang@example.org']]);
    expect(text).toContain(`Message-ID: <${sent.id}@doorstep.example>`);
    expect(text).toContain('Date: Fri, 20 Nov 2026 06:00:00 +0000');
    expect(text).toContain('Content-Language: zh-CN');
    expect(decodedWord(/^Subject: ((?:.|\r\n )+)/m.exec(text)?.[1])).toBe(sent.subject);
    const body = text.split('\r\n\r\n').slice(1).join('');
    expect(Buffer.from(body, 'base64').toString('utf8').trim()).toBe(sent.text);
  });

  it('lets no line end in a name or a subject become a header', async () => {
    const evil = 'lunch\r\nBcc: all@example.org';
    await channel.send(mail({ subject: evil, to: { name: evil, email: 'li@example.org' } }));
    const last = server.received.at(-1);
    expect(last?.to).toEqual(['li@example.org']);
    expect(last?.text).not.toMatch(/^Bcc:/m);
  });

  it.each([
    [550, 'refused'],
    [553, 'refused'],
    [451, 'failed'],
    [421, 'failed'],
  ])('takes %d for %s, and keeps the code without the words', async (code, kind) => {
    const outcome = await channel.send(mail({ to: { name: 'X', email: `refuse${code}@example.org` } }));
    expect(outcome).toEqual({ kind, reason: `smtp_${code}` });
  });

  it('is not for those who left no address', async () => {
    const outcome = await channel.send(mail({ to: { name: 'X', mobile: '13800000000' } }));
    expect(outcome).toEqual({ kind: 'suppressed', reason: 'no_address' });
  });

  it('is tried again when the server is away', async () => {
    const away = await MailServer.start();
    await away.close();
    const lost = new SmtpChannel(away.url, 'no-reply@doorstep.example');
    const outcome = await lost.send(mail());
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^smtp_e(socket|conn)/) });
    lost.close();
  });
});

/** RFC 2047, B or Q. */
function decodedWord(header = ''): string {
  return header.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=\s*/gi, (_all, form: string, text: string) =>
    form.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64').toString('utf8')
      : decodeURIComponent(text.replaceAll('_', ' ').replaceAll('=', '%')),
  );
}
