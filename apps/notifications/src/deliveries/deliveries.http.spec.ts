import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  classOfType,
  CreditNoteIssued,
  event,
  type InvoiceIssued,
  InvoicePaid,
  InvoiceReminded,
  ReceiptIssued,
  ReceiptVoided,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Actor, describeApi, holesOf } from '@doorstep/platform';
import {
  anAdministrator,
  anAuditor,
  anAuthority,
  aCaregiver,
  aFinanceOfficer,
  aFrontEnd,
  anOwner,
  aSiteManager,
  policiesComparingText,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import type { Mail } from '../channels/channel';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { HELD_TEMPLATES } from '../templates/catalogue';
import type { Delivery } from './deliveries.dto';
import { MessagesSender } from './messages.sender';

const ours = new Story();
const theirs = new Story();
const folder = mkdtempSync(join(tmpdir(), 'doorstep-notifications-'));
const resident = newId();
let service: TestService;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: ours.contactKey, NOTIFICATIONS_DIR: folder, PERIODIC: 'false' },
  });
  await service.deliver(
    ours.confirmed(resident),
    ours.confirmed(resident, { siteId: newId() }),
    ours.cancelled(newId()),
    theirs.confirmed(newId()),
  );
});

afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

const list = async (actor: Actor, query = ''): Promise<Delivery[]> => {
  const { body } = await service.as(actor).get(`/v1/deliveries${query}`).expect(200);
  return body.items as Delivery[];
};

describe('GET /v1/deliveries', () => {
  it("shows a tenant its own, newest first, and an administrator everybody's", async () => {
    const owner = anOwner(ours.operatorId);
    const items = await list(owner);
    expect(items.map(({ id }) => id)).toEqual(
      items
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(items).toHaveLength(3);
    expect(await list(anOwner(theirs.operatorId))).toHaveLength(1);
    expect(await list(anOwner(newId()))).toEqual([]);
    expect(await list(anAdministrator())).toHaveLength(4);
    expect(await list(anAuditor(ours.operatorId))).toHaveLength(3);
  });

  it('shows a site manager those of the own sites', async () => {
    expect(await list(aSiteManager(ours.operatorId, [ours.siteId]))).toHaveLength(2);
    expect(await list(aSiteManager(ours.operatorId, []))).toEqual([]);
  });

  it('filters', async () => {
    const owner = anOwner(ours.operatorId);
    expect(await list(owner, `?residentId=${resident}`)).toHaveLength(2);
    expect(await list(owner, `?endpointId=${resident}`)).toEqual([]);
    expect(await list(owner, '?status=queued&channel=file')).toHaveLength(3);
    expect(await list(owner, '?status=sent')).toEqual([]);
    const [{ bookingId }] = await list(owner);
    expect(await list(owner, `?bookingId=${bookingId}`)).toHaveLength(1);
  });

  it('goes page by page', async () => {
    const owner = anOwner(ours.operatorId);
    const first = await service.as(owner).get('/v1/deliveries?limit=2').expect(200);
    const second = await service
      .as(owner)
      .get(`/v1/deliveries?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect([...first.body.items, ...second.body.items]).toEqual(await list(owner));
    expect(second.body.nextCursor).toBeNull();
  });

  it.each(['?limit=0', '?limit=201', '?status=lost', '?residentId=x', '?cursor=x', '?who=me'])(
    'refuses %s with a problem that names the field',
    async (query) => {
      const { body, status } = await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries${query}`);
      expect([status, body.errors?.[0]?.field]).toEqual([400, query.slice(1).split('=')[0]]);
    },
  );
});

it('refuses a cursor that only looks like one', async () => {
  const forged = Buffer.from('["x"]').toString('base64url');
  await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries?cursor=${forged}`).expect(400);
});

describe('GET /v1/deliveries/{id}', () => {
  it('hides those of other tenants and of other sites', async () => {
    const [{ id }] = await list(anOwner(theirs.operatorId));
    await service.as(anOwner(theirs.operatorId)).get(`/v1/deliveries/${id}`).expect(200);
    await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries/${id}`).expect(404);
    await service
      .as(aSiteManager(theirs.operatorId, [newId()]))
      .get(`/v1/deliveries/${id}`)
      .expect(404);
    await service.as(anOwner(ours.operatorId)).get('/v1/deliveries/x').expect(400);
  });
});

describe('access', () => {
  const operations = ['/v1/deliveries', '/v1/templates', '/v1/preferences', '/v1/webhook-endpoints'];

  it.each(operations)('GET %s needs an identity and a role', async (path) => {
    await service.anonymous.get(path).expect(401);
    await service.as(anAuthority('310101')).get(path).expect(403);
    await service.as(anOwner(ours.operatorId)).get(path).expect(200);
  });

  it('keeps front-ends, caregivers and finance from the delivery log', async () => {
    const { operatorId } = ours;
    for (const actor of [
      aFrontEnd(operatorId),
      aCaregiver(operatorId, [ours.siteId]),
      aFinanceOfficer(operatorId),
    ]) {
      await service.as(actor).get('/v1/deliveries').expect(403);
    }
  });
});

it('describes its API without a hole', () => {
  expect(holesOf(describeApi(service.running.app, 'notifications'))).toEqual([]);
});

it('compares no id as text where rows are kept apart', async () => {
  expect(await policiesComparingText(service.db)).toEqual([]);
});

describe('what is told of the books', () => {
  const story = new Story(new Date().toISOString());
  const sent = (): Mail[] =>
    readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Mail),
    );
  const ledgerOf = async (residentId: string) =>
    (
      await service.db.query(
        'SELECT status, reason, subject FROM delivery WHERE recipient_id = $1 ORDER BY subject',
        [residentId],
      )
    ).rows;

  /** The resident's, and one of several people: both are void by now. */
  function receipts({ operatorId, contractId, residentId, at }: InvoiceIssued) {
    const of = (number: string) => ({
      ...{ operatorId, contractId, receiptId: newId(), paymentId: newId(), number, amountFen: 3200 },
      ...{ paidOn: '2026-12-03', at },
    });
    const instead = { replacedBy: newId(), replacedFen: 2300, replacedPaidOn: '2026-12-02' };
    return [{ ...of('RC-2026-000009'), residentId }, of('RC-2026-000010')].flatMap((receipt) => [
      event(ReceiptIssued, { ...receipt, version: 1 }),
      event(ReceiptVoided, { ...receipt, ...instead, reason: 'payment_corrected', version: 2 }),
    ]);
  }

  it('reaches the resident once the operator’s name is known, without a word about the person on the way', async () => {
    const person = newId();
    const contact = { name: '王秀英', mobile: '13800000000', language: 'zh-CN' };
    const invoice = story.invoice(person);
    const { operatorId, contractId, residentId, invoiceId, number, period } = invoice;
    const of = { operatorId, contractId, residentId, invoiceId, number, period, at: invoice.at };
    const sealedWith = ours.contactKey;
    await service.deliver(story.resident(person, contact, {}, sealedWith), invoice);
    await service.running.app.get(MessagesSender).sendDue();
    expect(await ledgerOf(person)).toMatchObject([{ status: 'queued', reason: 'operator_unknown' }]);

    await service.deliver(
      story.operator(),
      event(InvoiceReminded, {
        ...of,
        version: 3,
        openFen: 3200,
        dueOn: '2026-12-15',
        step: 3,
        tone: 'final',
      }),
      event(InvoicePaid, { ...of, version: 4, openFen: 0 }),
      event(CreditNoteIssued, {
        ...{ ...of, version: 5, openFen: 0, amountFen: 1600, reason: 'goodwill' },
        ...{ creditNoteId: newId(), creditNoteNumber: 'CN-2026-000003' },
      }),
      ...receipts(invoice),
    );
    await service.db.query('UPDATE delivery SET next_attempt_at = created_at WHERE recipient_id = $1', [
      person,
    ]);
    await service.running.app.get(MessagesSender).sendDue();
    const codes = [
      'credit-note-issued',
      'invoice-issued',
      'invoice-paid',
      'invoice-reminded',
      'receipt-issued',
      'receipt-voided',
    ];
    expect(await ledgerOf(person)).toEqual(
      codes.map((subject) => ({ status: 'sent', reason: null, subject })),
    );
    const texts = sent()
      .filter(({ to }) => to.name === contact.name)
      .map(({ subject, text }) => `${subject} ${text}`);
    expect(texts).toHaveLength(codes.length);
    const said = [
      '2026年11月账单',
      '最后一次通知',
      '已付清',
      'CN-2026-000003',
      '收据：RC-2026-000009',
      '23.00 元',
    ];
    for (const word of said) expect(texts.filter((text) => text.includes(word))).toHaveLength(1);
    expect(texts.every((text) => text.endsWith('邻里社区服务'))).toBe(true);
    const { rows } = await service.db.query('SELECT delivery::text AS row FROM delivery');
    expect(JSON.stringify(rows)).not.toMatch(/王秀英|13800000000|RC-2026-000010/);
  });

  it('of money that is held, each fact is a letter without a hole, unless the resident wants none', async () => {
    const [person, silent] = [newId(), newId()];
    const contact = { name: '王秀英', mobile: '13800000000', language: 'zh-CN' };
    const { contactKey: sealedWith } = ours;
    await service.deliver(
      ...[story.operator(), story.resident(person, contact, {}, sealedWith)],
      story.resident(silent, contact, { notificationConsent: false }, sealedWith),
    );
    for (const { eventType } of HELD_TEMPLATES) {
      const path = join(__dirname, `../../../../docs/events/samples/${eventType}.json`);
      const { at } = story.operator();
      const sample = { ...JSON.parse(readFileSync(path, 'utf8')), operatorId: story.operatorId, at };
      const Fact = classOfType(eventType);
      if (!Fact) throw new Error(`${eventType} is no event`);
      for (const residentId of [person, silent])
        await service.deliver(event(Fact, { ...sample, residentId }));
    }
    await service.running.app.get(MessagesSender).sendDue();
    const codes = HELD_TEMPLATES.map(({ code }) => code).sort();
    const of = (status: string, reason: string | null) =>
      codes.map((subject) => ({ status, reason, subject }));
    expect(await ledgerOf(person)).toEqual(of('sent', null));
    expect(await ledgerOf(silent)).toEqual(of('suppressed', 'no_consent'));
    const texts = sent().filter(({ subject }) => /^(预付卡|套餐|已收押金|押金)/.test(subject));
    expect(texts).toHaveLength(codes.length);
    for (const { subject, text } of texts) {
      expect(subject + text).not.toMatch(/undefined|null|NaN|Invalid|\[object/);
      expect(text).toMatch(/^王秀英，您好：[^]+邻里社区服务$/);
    }
  });
});
