import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { assert } from '@doorstep/kernel';

/*
 * How personal data is kept: one 256-bit data key per resident seals all that is personal about them, AES-256-GCM
 * (NIST SP 800-38D) with a fresh 96-bit nonce each time. The data key itself is stored wrapped by the master key. To erase
 * a person is to destroy that one wrapped key. Keys for different uses are derived by HKDF (RFC 5869), so no key does two
 * jobs. A box is nonce ‖ ciphertext ‖ tag.
 */
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a text. `about` names what it belongs to: a box that is moved to another row does not open. */
export function seal(key: Buffer, text: string | Buffer, about = ''): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  if (about) cipher.setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(text as string, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Opens a box; throws when key, box or `about` is not the one it was sealed with. */
export function unseal(key: Buffer, box: Buffer, about = ''): Buffer {
  assert(box.length >= NONCE_BYTES + TAG_BYTES, 'a sealed box has a nonce and a tag');
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  if (about) decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
  return Buffer.concat([
    decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES)),
    decipher.final(),
  ]);
}

/** Opens a box that was sealed with one of these keys; the tag tells which. */
export function unsealAny(keys: readonly Buffer[], box: Buffer, about = ''): Buffer {
  let failure: unknown = new Error('no key to open it with');
  for (const key of keys) {
    try {
      return unseal(key, box, about);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** A subkey for one use. */
export function deriveKey(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `doorstep ${use}`, KEY_BYTES));
}

/** Reads a key from the environment's form. */
export function keyFromBase64(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  assert(key.length === KEY_BYTES, 'a key is 32 bytes in base64');
  return key;
}

/** Names a key without telling it, so that rows can say which one wrapped them. */
export function keyIdOf(key: Buffer): string {
  return deriveKey(key, 'key id').subarray(0, 8).toString('hex');
}

/** Contact data for notifications: base64 boxes, as `SealedContact` of the contracts describes them. */
export interface SealedContactBoxes {
  keyId: string;
  wrappedKey: string;
  sealed: string;
}

/** The keys that one installation works with, by use. */
export class Keyring {
  /** Which master key wraps data keys now. */
  readonly masterKeyId: string;
  private readonly wrapping: Buffer;
  private readonly indexing: Buffer;
  private readonly visitCodes: Buffer;
  private readonly holdTokens: Buffer;
  /** Signs the QR codes of visits. */
  readonly visitQr: Buffer;
  private readonly contactKeyId: string;

  constructor(
    master: Buffer,
    /** Shared with notifications alone. */
    private readonly contact: Buffer,
  ) {
    this.masterKeyId = keyIdOf(master);
    this.wrapping = deriveKey(master, 'wrap resident keys');
    this.indexing = deriveKey(master, 'blind index');
    this.visitCodes = deriveKey(master, 'visit codes');
    this.holdTokens = deriveKey(master, 'hold tokens');
    this.visitQr = deriveKey(master, 'visit QR codes');
    this.contactKeyId = keyIdOf(contact);
  }

  newDataKey(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  wrap(dataKey: Buffer, residentId: string): Buffer {
    return seal(this.wrapping, dataKey, residentId);
  }

  unwrap(wrapped: Buffer, residentId: string): Buffer {
    return unseal(this.wrapping, wrapped, residentId);
  }

  /** Finds a value without being able to read it: equal values of one operator have equal indexes. */
  blindIndex(operatorId: string, field: 'mobile' | 'idNumber' | 'name' | 'device', value: string): Buffer {
    return createHmac('sha256', this.indexing).update(`${operatorId}|${field}|${value}`).digest();
  }

  /**
   * Seals contact data for notifications. The key inside is derived from the resident's data key, so that who may open
   * contacts can open nothing else.
   */
  sealContact(dataKey: Buffer, contact: object): SealedContactBoxes {
    const contactKey = deriveKey(dataKey, 'contact');
    return {
      keyId: this.contactKeyId,
      wrappedKey: seal(this.contact, contactKey).toString('base64'),
      sealed: seal(contactKey, JSON.stringify(contact)).toString('base64'),
    };
  }

  /** What says whose a hold is. Derived, so that it is stored nowhere. */
  holdToken(subject: string): string {
    return createHmac('sha256', this.holdTokens).update(subject).digest('base64url');
  }

  /** Six digits that the client of a visit shows to the carer. Derived, so that they are stored nowhere. */
  visitCode(bookingId: string): string {
    const digest = createHmac('sha256', this.visitCodes).update(bookingId).digest();
    return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
  }
}
