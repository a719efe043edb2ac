import { PROBLEM_BASE, TITLE_OF } from './problem';

const text = (description: string, example: string) => ({ type: 'string', description, example });

/** RFC 9457, as every refusal looks. */
export const PROBLEM_SCHEMAS = {
  FieldFault: {
    type: 'object',
    description: 'One field at fault.',
    required: ['field', 'reason', 'mend'],
    properties: {
      field: text('Path of the field in the request.', 'schedule[0].starts'),
      reason: text('What is wrong with it.', 'schedule[0].starts must be a string.'),
      mend: text('What to do about it.', 'Give schedule[0].starts as /v1/openapi.json describes it.'),
    },
  },
  Problem: {
    type: 'object',
    description: 'Problem document (RFC 9457): why the request was refused and what to do about it.',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: {
      type: { ...text('Names the kind of problem.', `${PROBLEM_BASE}session_full`), format: 'uri' },
      title: text('The same for every problem of this status.', TITLE_OF[409]),
      status: { type: 'integer', description: 'The HTTP status.', example: 409 },
      code: text('Stable and snake_case: programs branch on it.', 'session_full'),
      detail: text('The reason, for people.', 'The sitting is full.'),
      mend: text('What to do about it.', 'Choose another sitting.'),
      errors: {
        type: 'array',
        description: 'Every field at fault.',
        items: { $ref: '#/components/schemas/FieldFault' },
      },
      details: { type: 'object', description: 'Facts a program can act on.', additionalProperties: true },
      correlationId: text('Tell us this one when you ask about it.', '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a'),
    },
  },
};

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', example: 1 } },
};

const NAMES: Record<number, string> = {
  400: 'Malformed',
  401: 'NoIdentity',
  403: 'NotAllowed',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'WrongContentType',
  422: 'AgainstARule',
  429: 'TooManyRequests',
  500: 'OurMistake',
  503: 'NotAvailable',
};

/** One shared response per status. */
export const PROBLEM_RESPONSES = Object.fromEntries(
  Object.entries(NAMES).map(([status, name]) => [
    name,
    {
      description: `${TITLE_OF[Number(status)]}.`,
      ...(['429', '503'].includes(status) && { headers: RETRY_AFTER }),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
);

/** The problem responses that an operation can give. */
export function problemRefs(operation: {
  open: boolean;
  writes: boolean;
  hasIds: boolean;
}): Record<string, object> {
  const statuses = [
    400,
    ...(operation.open ? [] : [401, 403]),
    ...(operation.hasIds ? [404] : []),
    ...(operation.writes ? [409, 413, 415, 422] : []),
    429,
    500,
    503,
  ];
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${NAMES[status]}` }]),
  );
}
