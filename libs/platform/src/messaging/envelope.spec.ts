import { Type } from 'class-transformer';
import { IsInt, IsUUID, ValidateNested } from 'class-validator';
import { BOOKINGS_BOOKING, DomainEvent, EventType } from '@doorstep/contracts';
import type { IncomingMessage } from './fetched';
import { HEADER, isMalformed, messageOf, open } from './envelope';
import type { OutboxRow } from './outbox';

@EventType({ type: 'spec.Opened.v1', topic: BOOKINGS_BOOKING, key: 'thingId' })
class Opened extends DomainEvent {
  @IsUUID()
  thingId: string;

  @IsInt()
  amountFen: number;
}

class Inside {
  @IsInt()
  amountFen: number;
}

@EventType({ type: 'spec.OpenedInside.v1', topic: BOOKINGS_BOOKING, key: 'thingId' })
export class OpenedInside extends Opened {
  @ValidateNested()
  @Type(() => Inside)
  inside: Inside;
}

const id = '018f1234-5678-7abc-8def-123456789012';
const thingId = '018f1234-5678-7abc-8def-000000000001';
const operatorId = '018f1234-5678-7abc-8def-0000000000aa';
const data = { operatorId, version: 3, at: '2026-11-02T03:00:00.000Z', thingId, amountFen: 1200 };
const row: OutboxRow = {
  event_id: id,
  aggregatetype: BOOKINGS_BOOKING.name,
  aggregateid: thingId,
  type: 'spec.Opened.v1',
  payload: JSON.stringify(data),
  source: 'bookings',
  operator_id: operatorId,
  version: 3,
  occurred_at: data.at,
  correlation_id: 'request-1',
  causation_id: thingId,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

function arrives(change: Partial<IncomingMessage> = {}): IncomingMessage {
  const { topic, key, value, headers } = messageOf(row);
  return { topic, partition: 0, offset: 7, key, value: Buffer.from(value), headers, ...change };
}

describe('the envelope', () => {
  it('carries CloudEvents 1.0 headers in binary mode and the W3C trace context', () => {
    expect(messageOf(row)).toEqual({
      topic: 'bookings.booking.v1',
      key: thingId,
      value: row.payload,
      headers: {
        ce_specversion: '1.0',
        ce_id: id,
        ce_type: 'spec.Opened.v1',
        ce_source: '/doorstep/bookings',
        ce_subject: thingId,
        ce_time: '2026-11-02T03:00:00.000Z',
        ce_operatorid: operatorId,
        ce_aggregateversion: '3',
        ce_correlationid: 'request-1',
        ce_causationid: thingId,
        'content-type': 'application/json; charset=utf-8',
        traceparent: row.traceparent,
      },
    });
  });

  it('leaves out what is unknown', () => {
    const { headers } = messageOf({ ...row, operator_id: null, causation_id: null, traceparent: null });
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([HEADER.operatorId, HEADER.causationId, HEADER.traceparent]),
    );
  });

  it('opens to the event that was told', () => {
    const opened = open(arrives());
    expect(opened).toEqual({
      id,
      type: 'spec.Opened.v1',
      data,
      key: thingId,
      operatorId,
      version: 3,
      time: new Date(data.at),
      correlationId: 'request-1',
      traceparent: row.traceparent,
    });
    expect(!isMalformed(opened) && opened.data).toBeInstanceOf(Opened);
  });

  const without = (header: string) =>
    Object.fromEntries(Object.entries(arrives().headers).filter(([name]) => name !== header));
  const body = (change: object) => Buffer.from(JSON.stringify({ ...data, ...change }));

  it.each([
    ['no id', arrives({ headers: without(HEADER.id) }), 'header ce_id is not a UUID'],
    ['no key', arrives({ key: '' }), 'the message has no key'],
    [
      'an unknown type',
      arrives({ headers: { ...arrives().headers, ce_type: 'x' } }),
      'type x is not in this build',
    ],
    ['broken JSON', arrives({ value: Buffer.from('{"a":') }), 'the data is not a JSON object'],
    ['an array', arrives({ value: Buffer.from('[]') }), 'the data is not a JSON object'],
    [
      'a broken field',
      arrives({ value: body({ amountFen: '13812345678' }) }),
      'amountFen must be an integer number',
    ],
    [
      'what the transformer stumbles over',
      arrives({
        headers: { ...arrives().headers, ce_type: 'spec.OpenedInside.v1' },
        value: body({ inside: { amountFen: 1 }, facts: { constructor: 13812345678 } }),
      }),
      'the data cannot be read as its contract',
    ],
    ['no version', arrives({ value: body({ version: undefined }) }), 'version must'],
  ])('refuses a message with %s, without quoting values', (_what, message, reason) => {
    const opened = open(message);
    expect(isMalformed(opened) && opened.reason).toContain(reason);
    expect(isMalformed(opened) && opened.reason).not.toContain('13812345678');
  });
});
