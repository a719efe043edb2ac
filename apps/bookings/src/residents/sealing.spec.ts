import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { deriveKey, keyFromBase64, Keyring, seal, unseal } from './sealing';

const key = randomBytes(32);
const keyring = new Keyring(randomBytes(32), key);

describe('a sealed box', () => {
  it('opens with its key to what was put in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, about) => {
        expect(unseal(key, seal(key, text, about), about).toString('utf8')).toBe(
          Buffer.from(text).toString('utf8'),
        );
      }),
    );
  });

  it('is different each time', () => {
    expect(seal(key, '王小明').equals(seal(key, '王小明'))).toBe(false);
  });

  it('does not open with another key, for another row, or when a bit was changed', () => {
    const box = seal(key, '王小明', 'resident 1');
    expect(() => unseal(randomBytes(32), box, 'resident 1')).toThrow();
    expect(() => unseal(key, box, 'resident 2')).toThrow();
    for (let at = 0; at < box.length; at++) {
      const changed = Buffer.from(box);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(key, changed, 'resident 1')).toThrow();
    }
    expect(() => unseal(key, box.subarray(0, 20), 'resident 1')).toThrow();
  });
});

describe('a data key', () => {
  it('comes back from its wrapping for its own resident alone', () => {
    const dataKey = keyring.newDataKey();
    const wrapped = keyring.wrap(dataKey, 'a');
    expect(keyring.unwrap(wrapped, 'a').equals(dataKey)).toBe(true);
    expect(() => keyring.unwrap(wrapped, 'b')).toThrow();
    expect(() => new Keyring(randomBytes(32), key).unwrap(wrapped, 'a')).toThrow();
  });
});

describe('a blind index', () => {
  it('is equal for equal values of one operator and field only', () => {
    const index = keyring.blindIndex('op', 'mobile', '13800138000');
    expect(keyring.blindIndex('op', 'mobile', '13800138000').equals(index)).toBe(true);
    expect(keyring.blindIndex('other', 'mobile', '13800138000').equals(index)).toBe(false);
    expect(keyring.blindIndex('op', 'idNumber', '13800138000').equals(index)).toBe(false);
    expect(new Keyring(randomBytes(32), key).blindIndex('op', 'mobile', '13800138000').equals(index)).toBe(
      false,
    );
  });
});

describe('contact data for notifications', () => {
  it('opens with the contact key, through a key that opens nothing else of the resident', () => {
    const dataKey = keyring.newDataKey();
    const { wrappedKey, sealed } = keyring.sealContact(dataKey, { name: '王小明', mobile: '13800138000' });
    const contactKey = unseal(key, Buffer.from(wrappedKey, 'base64'));
    expect(JSON.parse(unseal(contactKey, Buffer.from(sealed, 'base64')).toString('utf8'))).toEqual({
      name: '王小明',
      mobile: '13800138000',
    });
    expect(contactKey.equals(dataKey)).toBe(false);
    expect(contactKey.equals(deriveKey(dataKey, 'contact'))).toBe(true);
  });
});

describe('a visit code', () => {
  it('has six digits and differs between bookings and installations', () => {
    const codes = Array.from({ length: 200 }, (_, n) => keyring.visitCode(`booking ${n}`));
    for (const code of codes) expect(code).toMatch(/^\d{6}$/);
    expect(new Set(codes).size).toBeGreaterThan(190);
    expect(keyring.visitCode('booking 1')).toBe(codes[1]);
    expect(new Keyring(randomBytes(32), key).visitCode('booking 1')).not.toBe(codes[1]);
  });
});

describe('a key from the environment', () => {
  it('must have 32 bytes', () => {
    expect(keyFromBase64(key.toString('base64')).equals(key)).toBe(true);
    expect(() => keyFromBase64('c2hvcnQ=')).toThrow('32 bytes');
  });
});
