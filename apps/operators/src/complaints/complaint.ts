import type { ComplaintSeverity } from '@doorstep/contracts';
import { type Day, DomainError, transitions } from '@doorstep/kernel';

export const COMPLAINT_STATUSES = ['open', 'answered', 'closed'] as const;
export type ComplaintStatus = (typeof COMPLAINT_STATUSES)[number];

/** What it is about; a city may use others, so a category is any word of this form. */
export const COMPLAINT_CATEGORIES = [
  'food',
  'care',
  'safety',
  'staff',
  'price',
  'facility',
  'booking',
] as const;

const LIFE = transitions<ComplaintStatus, 'answer' | 'close' | 'reopen'>('complaint', ['open'], {
  open: { answer: 'answered' },
  // An answer may be bettered before it is closed.
  answered: { answer: 'answered', close: 'closed', reopen: 'open' },
  closed: { reopen: 'open' },
});

/** Somebody is not content with a site, or with one booking there. The words never leave this service. */
export interface Complaint {
  id: string;
  operatorId: string;
  siteId: string;
  bookingId: string | null;
  category: string;
  severity: ComplaintSeverity;
  text: string;
  /** Who among the accounts looks after it. */
  ownerId: string | null;
  openedOn: Day;
  /** Last day for an answer. */
  answerBy: Day;
  status: ComplaintStatus;
  answer: string | null;
  answeredOn: Day | null;
  upheld: boolean | null;
  closedOn: Day | null;
  overdueSince: Day | null;
  /** How often it was opened again. */
  reopened: number;
  version: number;
}

export interface OpenComplaint {
  siteId: string;
  bookingId: string | null;
  category: string;
  severity: ComplaintSeverity;
  text: string;
  answerBy: Day;
}

export function openComplaint(operatorId: string, command: OpenComplaint, today: Day, id: string): Complaint {
  return {
    id,
    operatorId,
    ...command,
    text: command.text.trim(),
    answerBy: notPast(command.answerBy, today),
    ownerId: null,
    openedOn: today,
    status: 'open',
    answer: null,
    answeredOn: null,
    upheld: null,
    closedOn: null,
    overdueSince: null,
    reopened: 0,
    version: 1,
  };
}

/** Gives it to somebody, weighs it anew, or grants more time. */
export function assignComplaint(
  complaint: Complaint,
  command: { ownerId?: string; severity?: ComplaintSeverity; answerBy?: Day },
  today: Day,
): Complaint {
  if (complaint.status === 'closed') throw closedAlready();
  const answerBy = command.answerBy === undefined ? complaint.answerBy : notPast(command.answerBy, today);
  return {
    ...complaint,
    ownerId: command.ownerId ?? complaint.ownerId,
    severity: command.severity ?? complaint.severity,
    answerBy,
    overdueSince: command.answerBy === undefined ? complaint.overdueSince : null,
    version: complaint.version + 1,
  };
}

export function answerComplaint(
  complaint: Complaint,
  { answer, upheld }: { answer: string; upheld: boolean },
  today: Day,
): Complaint {
  return {
    ...next(complaint, 'answer'),
    answer: answer.trim(),
    upheld,
    answeredOn: today,
    overdueSince: null,
  };
}

export function closeComplaint(complaint: Complaint, today: Day): Complaint {
  return { ...next(complaint, 'close'), closedOn: today };
}

/** The answer did not do: it stays on file, and a new one is due. */
export function reopenComplaint(complaint: Complaint, answerBy: Day, today: Day): Complaint {
  return {
    ...next(complaint, 'reopen'),
    answerBy: notPast(answerBy, today),
    answer: null,
    answeredOn: null,
    upheld: null,
    closedOn: null,
    overdueSince: null,
    reopened: complaint.reopened + 1,
  };
}

function next(complaint: Complaint, command: 'answer' | 'close' | 'reopen'): Complaint {
  return { ...complaint, status: LIFE.next(complaint.status, command), version: complaint.version + 1 };
}

function closedAlready(): DomainError {
  return new DomainError('conflict', 'complaint_closed', 'The complaint is closed.', {
    mend: 'Open it again first.',
  });
}

function notPast(day: Day, today: Day): Day {
  if (day >= today) return day;
  throw new DomainError('invalid', 'deadline_past', `The deadline (${day}) is past.`, {
    field: 'answerBy',
    mend: `Choose ${today} or a later day.`,
  });
}
