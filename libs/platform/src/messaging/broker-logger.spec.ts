import { logLevel } from 'kafkajs';
import { brokerLogger } from './broker-logger';

describe('lines of the broker client', () => {
  const entry = (level: logLevel, message: string, error?: string) => ({
    namespace: 'Connection',
    level,
    label: 'ERROR',
    log: { timestamp: '', message, ...(error ? { error } : {}) },
  });
  let now = 0;
  let lines: string[] = [];
  const say = (level: 'warn' | 'debug') => (line: string) => void lines.push(`${level} ${line}`);
  const log = brokerLogger({ warn: say('warn'), debug: say('debug') }, () => now)();
  beforeEach(() => (lines = []));

  it('errors are warnings, with their reason', () => {
    log(entry(logLevel.ERROR, 'Connection error', 'connect ECONNREFUSED'));
    expect(lines).toEqual(['warn Connection: Connection error (connect ECONNREFUSED)']);
  });

  it('the same one soon again is debug; after ten seconds it is a warning again', () => {
    log(entry(logLevel.ERROR, 'Connection error', 'connect ECONNREFUSED'));
    now += 10_000;
    log(entry(logLevel.ERROR, 'Connection error', 'connect ECONNREFUSED'));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['debug', 'warn']);
  });

  it('rebalances and information are debug', () => {
    log(entry(logLevel.WARN, 'The group is rebalancing, re-joining'));
    log(entry(logLevel.INFO, 'Starting'));
    log(entry(logLevel.ERROR, 'Response InitProducerId', 'The coordinator is loading'));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['debug', 'debug', 'debug']);
  });
});
