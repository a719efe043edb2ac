import { runInContext } from '../context/context';
import { AppLogger } from './logger';
import { readableLine } from './text-format';

function logging(level = 'debug') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = new AppLogger({ service: 'bookings', level, destination });
  return { logger, lines, last: () => JSON.parse(lines[lines.length - 1]) as Record<string, unknown> };
}

describe('the log', () => {
  it('is one JSON object a line, with service and correlation id', () => {
    const { logger, last } = logging();
    runInContext({ correlationId: 'story-1', actor: undefined }, () =>
      logger.say('held', { bookingId: 'b' }),
    );
    expect(last()).toMatchObject({
      level: 'info',
      service: 'bookings',
      msg: 'held',
      bookingId: 'b',
      correlationId: 'story-1',
    });
  });

  it('takes what Nest hands over: context last, stack before it', () => {
    const { logger, last } = logging();
    logger.error('it broke', 'Error: x\n    at y', 'Relay');
    expect(last()).toMatchObject({
      level: 'error',
      msg: 'it broke',
      context: 'Relay',
      stack: expect.stringContaining('at y'),
    });
    logger.warn('odd', { shard: 3 }, 'Relay');
    expect(last()).toMatchObject({ level: 'warn', msg: 'odd', shard: 3, context: 'Relay' });
    logger.error(new Error('whole'));
    expect(last()).toMatchObject({ msg: 'whole', errorName: 'Error' });
  });

  it('hides personal data and secrets at any of the first depths', () => {
    const { logger, lines } = logging();
    const resident = { mobile: '13800000000', idNumber: '11010519491231002X', birthDate: '1949-12-31' };
    logger.say('seen', {
      ...resident,
      resident,
      deep: { resident },
      password: 'hunter2',
      authorization: 'Bearer x',
    });
    expect(lines[0]).not.toMatch(/138000|110105|1949-12|hunter2|Bearer x/);
    expect(lines[0]).toContain('[hidden]');
  });

  it('leaves out what a database error quotes', () => {
    const { logger, lines, last } = logging();
    const quoting = {
      detail: 'Key (mobile)=(13800000000) already exists.',
      parameters: ['13800000000'],
      code: '23505',
    };
    logger.failure(
      'write failed',
      Object.assign(new Error('duplicate key'), quoting, { constraint: 'one_mobile' }),
    );
    expect(lines[0]).not.toContain('13800000000');
    expect(last()).toMatchObject({ code: '23505', constraint: 'one_mobile', error: 'duplicate key' });
  });

  it('keeps to its level', () => {
    const { logger, lines } = logging('warn');
    logger.say('quiet');
    logger.debug('quieter');
    logger.answered({ ms: 1 }, undefined);
    expect(lines).toEqual([]);
  });

  it('reads well on a terminal', () => {
    const { logger, lines } = logging();
    runInContext({ correlationId: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a', actor: undefined }, () =>
      logger.warn('no answer', { service: 'x', ms: 12 }, 'Proxy'),
    );
    const line = readableLine(lines[0]);
    expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}/);
    expect(line).toMatch(/\[Proxy\] no answer ms=12 \(5b8f6d3c2b1a\)$/);
    expect(line).not.toContain('\n');
  });
});
