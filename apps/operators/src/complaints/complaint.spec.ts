import { DomainError } from '@doorstep/kernel';
import {
  answerComplaint,
  assignComplaint,
  closeComplaint,
  openComplaint,
  reopenComplaint,
} from './complaint';

const open = openComplaint(
  'chain',
  {
    siteId: 'site',
    bookingId: null,
    category: 'food',
    severity: 'medium',
    text: ' 菜凉了 ',
    answerBy: '2026-12-12',
  },
  '2026-12-05',
  'id',
);
const answered = answerComplaint(open, { answer: '已更换保温箱', upheld: true }, '2026-12-08');
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('a complaint', () => {
  it('is answered before it is closed, and may be opened again', () => {
    expect(open).toMatchObject({ text: '菜凉了', status: 'open', openedOn: '2026-12-05' });
    expect(codeOf(() => closeComplaint(open, '2026-12-08'))).toBe('complaint_open');
    const closed = closeComplaint(answered, '2026-12-09');
    expect(closed).toMatchObject({ status: 'closed', upheld: true, closedOn: '2026-12-09', version: 3 });
    expect(codeOf(() => answerComplaint(closed, { answer: 'x', upheld: false }, '2026-12-10'))).toBe(
      'complaint_closed',
    );
    expect(reopenComplaint(closed, '2026-12-20', '2026-12-10')).toMatchObject({
      status: 'open',
      answer: null,
      closedOn: null,
      reopened: 1,
      version: 4,
    });
  });

  it('has a deadline that lies ahead; a new one takes an overdue mark away', () => {
    const overdue = { ...open, overdueSince: '2026-12-13' };
    expect(assignComplaint(overdue, { ownerId: 'wang' }, '2026-12-13').overdueSince).toBe('2026-12-13');
    expect(assignComplaint(overdue, { answerBy: '2026-12-20' }, '2026-12-13').overdueSince).toBeNull();
    expect(codeOf(() => assignComplaint(open, { answerBy: '2026-12-01' }, '2026-12-05'))).toBe(
      'deadline_past',
    );
    expect(codeOf(() => assignComplaint(closeComplaint(answered, '2026-12-09'), {}, '2026-12-10'))).toBe(
      'complaint_closed',
    );
  });
});
