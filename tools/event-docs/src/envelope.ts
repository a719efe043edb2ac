import type { Schema } from './schema';

/** The headers of every message: CloudEvents 1.0 in binary mode (Kafka protocol binding) and W3C trace context. */
export const ENVELOPE: Schema = {
  title: 'CloudEventHeaders',
  description:
    'CloudEvents 1.0, binary content mode of the Kafka protocol binding. All values are UTF-8 text.',
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_aggregateversion',
    'ce_correlationid',
    'content-type',
  ],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: {
      description: 'Of this event; the same on every delivery, so receivers know a repeat by it.',
      type: 'string',
      format: 'uuid',
    },
    ce_type: { description: '`<producer>.<Event>.v<major>`.', type: 'string' },
    ce_source: { description: 'The service that told it: `/doorstep/bookings`.', type: 'string' },
    ce_subject: { description: "The aggregate's id, equal to the message key.", type: 'string' },
    ce_time: { description: 'When it happened.', type: 'string', format: 'date-time' },
    ce_operatorid: {
      description: 'The tenant; absent on what all tenants share.',
      type: 'string',
      format: 'uuid',
    },
    ce_aggregateversion: {
      description: "The aggregate's version after the change, a decimal number.",
      type: 'string',
      pattern: '^\\d+$',
    },
    ce_correlationid: {
      description: 'The same for everything that one request from outside set in motion.',
      type: 'string',
    },
    ce_causationid: { description: 'Id of the event that this one answers.', type: 'string' },
    traceparent: { description: 'W3C trace context.', type: 'string' },
    'content-type': { type: 'string', pattern: '^application/json' },
  },
};
