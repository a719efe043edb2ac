import { DomainError, transitions, type Fen } from '@doorstep/kernel';

export const CLAIM_STATUSES = ['draft', 'submitted', 'answered', 'settled'] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/**
 * The life of a claim. answered: the funder has said something to every line. settled: what it accepted is paid, and what it
 * cut was asked for again or given up. It is answered again when money that had settled it is taken back.
 */
export const claimLife = transitions<ClaimStatus, 'submit' | 'answer' | 'settle' | 'reopen'>(
  'claim',
  ['draft'],
  {
    draft: { submit: 'submitted' },
    submitted: { answer: 'answered' },
    answered: { settle: 'settled' },
    settled: { reopen: 'answered' },
  },
);

export const LINE_BASES = ['share', 'correction', 'resubmission'] as const;
export type LineBasis = (typeof LINE_BASES)[number];

export const FINDING_CODES = [
  'missing_evidence',
  'visit_on_review',
  'duplicate',
  'duplicate_child',
  'over_cap',
  'attendance_too_low',
  'payment_missing',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Something that a funder would send the claim back for. */
export interface Finding {
  code: FindingCode;
  claimLineId: string;
  reason: string;
}

/** A claim with findings stays a draft: what a funder would cut is mended before it is asked for. */
export function submitClaim(status: ClaimStatus, findings: readonly Finding[]): ClaimStatus {
  const next = claimLife.next(status, 'submit');
  if (findings.length === 0) return next;
  throw new DomainError('conflict', 'claim_has_findings', `${findings.length} lines would be sent back.`, {
    mend: 'Mend what stands behind them, or hold these lines back for a later claim: POST /v1/claims/{id}/hold-back.',
    findings: findings.slice(0, 20),
  });
}

export const ANSWERS = ['accepted', 'cut', 'rejected'] as const;
export type Answer = (typeof ANSWERS)[number];

export interface AnsweredLine {
  lineId: string;
  outcome: Answer;
  acceptedFen?: Fen;
  code?: string;
  reason?: string;
}

export interface AnswerableLine {
  id: string;
  amountFen: Fen;
  answer: Answer | null;
  acceptedFen: Fen | null;
}

export interface Answered {
  id: string;
  answer: Answer;
  acceptedFen: Fen;
  code: string | null;
  reason: string | null;
}

/**
 * What a funder says to one line, checked against it. The same answer once more is no answer (undefined); another one is
 * refused, because people have acted on the first.
 *
 * @param field of the request, for the refusal
 */
export function answerTo(line: AnswerableLine, said: AnsweredLine, field: string): Answered | undefined {
  const acceptedFen =
    said.outcome === 'accepted' ? line.amountFen : said.outcome === 'rejected' ? 0 : said.acceptedFen;
  if (
    acceptedFen === undefined ||
    (said.outcome === 'cut' && (acceptedFen <= 0 || acceptedFen >= line.amountFen))
  )
    throw wrong(
      field,
      'cut_amount',
      `A cut line is accepted in part: more than 0, less than ${line.amountFen} fen.`,
    );
  if (said.acceptedFen !== undefined && said.acceptedFen !== acceptedFen)
    throw wrong(
      field,
      'accepted_amount',
      `A line that is ${said.outcome} is accepted with ${acceptedFen} fen.`,
    );
  if (line.amountFen < 0 && said.outcome !== 'accepted')
    throw wrong(field, 'difference_not_cut', 'A line that gives money back is accepted as it is.');
  if (said.outcome !== 'accepted' && !said.code)
    throw wrong(field, 'code_missing', 'What is cut or rejected needs the code of a reason.');
  if (line.answer !== null) {
    if (line.answer === said.outcome && line.acceptedFen === acceptedFen) return undefined;
    throw new DomainError('conflict', 'line_answered', `Line ${line.id} was answered otherwise before.`, {
      field,
      mend: 'What was cut can be objected to; an answer is not changed.',
    });
  }
  return {
    id: line.id,
    answer: said.outcome,
    acceptedFen,
    code: said.code ?? null,
    reason: said.reason ?? null,
  };
}

function wrong(field: string, code: string, reason: string): DomainError {
  return new DomainError('invalid', code, reason, { field, mend: 'Correct the answer to this line.' });
}
