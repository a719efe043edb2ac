import type { LookupAddress } from 'node:dns';
import { guardedLookup, isPublicAddress, webhookUrl } from './address.guard';

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    'localhost',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '192.167.1.1',
    '223.5.5.5',
    '2400:3200::1',
    '2606:4700::1111',
  ])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('the URL of a webhook', () => {
  it.each(['https://example.org/hooks?a=1', 'https://example.org:8443/', 'https://1.1.1.1/x'])(
    'may be %s',
    (url) => expect(webhookUrl(url, false).href).toBe(url),
  );

  it.each([
    ['example.org/hooks', 'absolute'],
    ['', 'absolute'],
    ['http://example.org/', 'https only'],
    ['ftp://example.org/', 'https only'],
    ['file:///etc/passwd', 'https only'],
    ['https://user:pw@example.org/', 'user name'],
    ['https://example.org/#x', 'fragment'],
    ['https://127.0.0.1/', 'public internet'],
    ['https://2130706433/', 'public internet'], // 127.0.0.1 as one number
    ['https://0x7f.1/', 'public internet'],
    ['https://[::1]/', 'public internet'],
    ['https://[::ffff:10.0.0.1]/', 'public internet'],
    ['https://169.254.169.254/latest/meta-data', 'public internet'],
  ])('may not be %s', (url, why) => expect(() => webhookUrl(url, false)).toThrow(why));

  it('may be private and plain where that is allowed, and nothing else', () => {
    expect(webhookUrl('http://127.0.0.1:4000/x', true).port).toBe('4000');
    expect(() => webhookUrl('ftp://127.0.0.1/', true)).toThrow('https only');
  });
});

describe('resolving a name', () => {
  const resolve = (name: string, all: boolean) =>
    new Promise<string | LookupAddress[]>((done, fail) =>
      guardedLookup(name, { all }, (error, address) => (error ? fail(error) : done(address))),
    );

  it.each([true, false])('refuses one that leads home (all: %s)', async (all) => {
    await expect(resolve('localhost', all)).rejects.toMatchObject({ code: 'EFORBIDDEN' });
  });

  it('lets a public address through', async () => {
    expect(await resolve('1.1.1.1', false)).toBe('1.1.1.1');
    expect(await resolve('1.1.1.1', true)).toEqual([{ address: '1.1.1.1', family: 4 }]);
  });
});
