import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Keyring, type SealedTexts } from './keyring';
import { open, seal } from './sealed';

/** The key that the golden sample in docs/events was sealed under: the bytes 0 to 31. */
const SAMPLE_KEY = Buffer.from([...Array(32).keys()]).toString('base64');
const sample = JSON.parse(
  readFileSync(join(__dirname, '../../../../docs/events/samples/bookings.ResidentSnapshot.v1.json'), 'utf8'),
) as { contact: SealedTexts };

const newKey = () => randomBytes(32).toString('base64');

describe('a sealed text', () => {
  it('opens under its own key, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plain) => {
        const key = randomBytes(32);
        const sealed = seal(key, plain);
        expect(open(key, sealed).equals(plain)).toBe(true);
        expect(seal(key, plain).equals(sealed)).toBe(false);
      }),
    );
  });

  it('does not open after any change, under another key or cut short', () => {
    const key = randomBytes(32);
    const sealed = seal(key, Buffer.from('王秀英'));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] ^= 1;
      expect(() => open(key, changed)).toThrow();
    }
    expect(() => open(randomBytes(32), sealed)).toThrow();
    expect(() => open(key, sealed.subarray(0, 20))).toThrow('too short');
  });
});

describe('a keyring', () => {
  it('opens the contact of the golden sample', () => {
    expect(new Keyring(SAMPLE_KEY).openContact(sample.contact)).toEqual({
      name: '王秀英',
      mobile: '13800000000',
      email: 'wang@example.org',
      language: 'zh-CN',
    });
  });

  it('opens a contact of a former generation', () => {
    const ring = new Keyring(newKey(), [newKey(), SAMPLE_KEY]);
    expect(ring.openContact(sample.contact).name).toBe('王秀英');
  });

  it('does not open what was sealed under a key that it has not', () => {
    expect(() => new Keyring(newKey(), [newKey()]).openContact(sample.contact)).toThrow('not in the keyring');
  });

  it('refuses a contact of another shape', () => {
    const dataKey = randomBytes(32);
    const contact = {
      keyId: 'sample',
      wrappedKey: seal(Buffer.from(SAMPLE_KEY, 'base64'), dataKey).toString('base64'),
      sealed: seal(dataKey, Buffer.from('{"mobile":1}')).toString('base64'),
    };
    expect(() => new Keyring(SAMPLE_KEY).openContact(contact)).toThrow('another shape');
  });

  it("keeps this service's secrets under a key of their own, through a change of generation", () => {
    const [first, second] = [newKey(), newKey()];
    const sealed = new Keyring(first).sealSecret('whsec_x');
    expect(new Keyring(second, [first]).openSecret(sealed)).toBe('whsec_x');
    expect(() => open(Buffer.from(first, 'base64'), Buffer.from(sealed, 'base64'))).toThrow();
  });

  it('refuses a key of another length', () => {
    expect(() => new Keyring('c2hvcnQ=')).toThrow('32 bytes');
  });
});
