import { type DomainError, type ErrorKind } from '@doorstep/kernel';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
export const PROBLEM_BASE = 'https://doorstep.dev/problems/';

/** One field at fault. */
export interface FieldFault {
  /** Path in the request, e.g. `schedule[0].starts`. */
  field: string;
  reason: string;
  mend: string;
}

/** RFC 9457 problem document, as every refusal of every service looks. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** Stable and snake_case: programs branch on it. */
  code: string;
  detail: string;
  mend?: string;
  errors?: FieldFault[];
  /** Facts a program can act on. */
  details?: Record<string, unknown>;
  correlationId?: string;
}

/** A refusal whose document is already written: another service's, or one that no kind of DomainError stands for. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

export const STATUS_OF: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  invalid: 422,
  limited: 429,
  unavailable: 503,
};

export const TITLE_OF: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'No valid identity',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'The request took too long',
  409: 'In conflict with the present state',
  410: 'Gone',
  413: 'Too large',
  414: 'Address too long',
  415: 'Content type not supported',
  422: 'Against a rule',
  429: 'Too many requests',
  431: 'Header too large',
  500: 'Our mistake',
  502: 'A service behind the gateway gave no usable answer',
  503: 'Not available at the moment',
  504: 'A service behind the gateway took too long',
};

/** Builds a problem document. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: Pick<Problem, 'mend' | 'errors' | 'details' | 'correlationId'> = {},
): Problem {
  const title = TITLE_OF[status] ?? (status >= 500 ? TITLE_OF[500] : TITLE_OF[400]);
  return { type: PROBLEM_BASE + code, title, status, code, detail, ...more };
}

/** The problem document of a refusal. A named field becomes an entry of `errors`, facts become `details`. */
export function problemOfDomainError(error: DomainError): Problem {
  const { mend, field, errors, ...facts } = error.details;
  const named = field ? [{ field, reason: error.message, mend: mend ?? 'Correct this field.' }] : undefined;
  return problem(STATUS_OF[error.kind], error.code, error.message, {
    ...(mend && { mend }),
    ...((errors || named) && { errors: (errors as FieldFault[] | undefined) ?? named }),
    ...(Object.keys(facts).length > 0 && { details: facts }),
  });
}
