import { headerBytes } from './kafkajs-headers';

const hex = (key: string, value: string | Buffer | null) =>
  headerBytes({ key, value }).buffer.toString('hex');

/** Kafka's record format: the zigzag length of the name and the name, that of the value and the value; -1 for none. */
describe('a header of a message', () => {
  it.each([
    ['a', 'b', '0261' + '0262'],
    ['a', '', '0261' + '00'],
    ['a', null, '0261' + '01'],
    ['a', Buffer.from([0, 255]), '0261' + '0400ff'],
    ['名', '社', '06e5908d' + '06e7a4be'],
  ])('%s: %s', (key, value, bytes) => expect(hex(key, value)).toBe(bytes));

  it('is as long as its name and value want', () => {
    expect(hex('k'.repeat(64), 'v'.repeat(200))).toBe(`8001${'6b'.repeat(64)}9003${'76'.repeat(200)}`);
    expect(headerBytes({ key: 'k', value: 'v'.repeat(70_000) }).buffer).toHaveLength(2 + 3 + 70_000);
  });
});
