import { event, ResidentMerged } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner, eventually, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { MailServer } from './mail-server.fixture';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const story = new Story(new Date().toISOString());
const lunch = { start: inDays(3), end: inDays(3) };
let mailServer: MailServer;
let service: TestService;

/** With sweepers and nudges as in production: nobody here says when to send. */
beforeAll(async () => {
  mailServer = await MailServer.start();
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: story.contactKey, SMTP_URL: mailServer.url, MAIL_FROM: 'no-reply@doorstep.example' },
  });
  await service.deliver(story.site(), story.offering());
});

afterAll(async () => {
  await service?.stop();
  await mailServer.close();
});

async function book(email?: string): Promise<string> {
  const residentId = newId();
  await service.deliver(story.resident(residentId, { name: '王秀英', mobile: '13800000000', email }));
  await service.deliver(story.confirmed(residentId, lunch));
  return residentId;
}

const ended = (residentId: string, timeoutMs = 15_000) =>
  eventually(
    async () => {
      const { rows } = await service.db.query(
        `SELECT id, channel, status, reason, attempts FROM delivery WHERE recipient_id = $1 AND status <> 'queued'`,
        [residentId],
      );
      if (rows.length === 0) throw new Error('still queued');
      return rows[0] as { id: string; channel: string; status: string; reason: string; attempts: number };
    },
    { timeoutMs },
  );

describe('with a mail server', () => {
  it('a confirmed booking is in the mail at once', async () => {
    const delivery = await ended(await book('wang@example.org'));
    expect(delivery).toMatchObject({ channel: 'email', status: 'sent', attempts: 1 });
    const mail = mailServer.received.find(({ text }) => text.includes(delivery.id));
    expect(mail).toMatchObject({ from: 'no-reply@doorstep.example', to: ['wang@example.org'] });
  });

  it('an address that the server refuses is not tried twice', async () => {
    expect(await ended(await book('refuse550@example.org'))).toMatchObject({
      status: 'failed',
      reason: 'smtp_550',
      attempts: 1,
    });
  });

  it('a resident without an address is passed over', async () => {
    expect(await ended(await book())).toMatchObject({ status: 'suppressed', reason: 'no_address' });
  });

  it('who is merged into another is written to there, as the stricter of the two has wished', async () => {
    const owner = service.as(anOwner(story.operatorId));
    const wish = (residentId: string, enabled: boolean) =>
      owner.put('/v1/preferences').send({ residentId, channel: 'email', enabled });
    const known = async (): Promise<string> => {
      const residentId = newId();
      await service.deliver(
        story.resident(residentId, { name: '王秀英', email: `${residentId}@example.org` }),
      );
      return residentId;
    };
    const one = async (gone: string, survivorId: string) => {
      const merged = { operatorId: story.operatorId, residentId: gone, survivorId, version: 2 };
      await service.deliver(event(ResidentMerged, { ...merged, at: new Date().toISOString() }));
      await service.deliver(story.confirmed(gone, lunch));
      return ended(gone);
    };
    const [gone, residentId] = [await known(), await known()];
    const delivery = await one(gone, residentId);
    const mail = mailServer.received.find(({ text }) => text.includes(delivery.id));
    expect(mail?.to).toEqual([`${residentId}@example.org`]);

    const [quiet, loud] = [await known(), await known()];
    await wish(quiet, false).expect(200);
    await wish(loud, true).expect(200);
    expect(await one(quiet, loud)).toMatchObject({ status: 'suppressed' });
    expect((await wish(quiet, true).expect(410)).body).toMatchObject({ code: 'resident_merged' });
    const left = await service.db.query(`SELECT FROM resident_contact WHERE resident_id = $1`, [quiet]);
    expect(left.rowCount).toBe(0);
  });

  it('a server that was away gets the mail later, once', async () => {
    const { port } = mailServer;
    await mailServer.close();
    const residentId = await book('li@example.org');
    await eventually(async () => {
      const { rows } = await service.db.query('SELECT reason FROM delivery WHERE recipient_id = $1', [
        residentId,
      ]);
      expect(rows[0].reason).toMatch(/^smtp_e/);
    });
    mailServer = await MailServer.start(port);
    const delivery = await ended(residentId);
    expect(delivery).toMatchObject({ status: 'sent', attempts: 2 });
    expect(mailServer.received.map(({ to }) => to)).toEqual([['li@example.org']]);
  });
});
