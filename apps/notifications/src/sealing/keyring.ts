import { hkdfSync } from 'node:crypto';
import { KEY_BYTES, open, seal } from './sealed';

/** What a SealedContact holds once it is open. Never stored, never logged. */
export interface Contact {
  name: string;
  mobile?: string;
  email?: string;
  language?: string;
}

/** A SealedContact as bookings tells it; `keyId` is for people who look for a key. */
export interface SealedTexts {
  keyId: string;
  wrappedKey: string;
  sealed: string;
}

/**
 * The master key of contacts, and earlier generations of it. Each is tried in turn: the tag tells a wrong key, so
 * nothing has to be agreed about how keys are named.
 */
export class Keyring {
  private readonly masters: readonly Buffer[];

  /**
   * @param current base64 of 32 bytes
   * @param former earlier generations that snapshots may still be sealed under
   */
  constructor(current: string, former: readonly string[] = []) {
    this.masters = [current, ...former].map(keyOf);
  }

  /** Unwraps the contact's own key and opens the contact with it. */
  openContact({ wrappedKey, sealed }: SealedTexts): Contact {
    const contactKey = openWithAny(this.masters, Buffer.from(wrappedKey, 'base64'));
    const contact: unknown = JSON.parse(open(contactKey, Buffer.from(sealed, 'base64')).toString('utf8'));
    if (!isContact(contact)) throw new Error('the sealed contact has another shape than agreed');
    return contact;
  }

  /** Seals a secret of this service's own, under a key derived for that purpose alone (HKDF, RFC 5869). */
  sealSecret(secret: string): string {
    return seal(secretKey(this.masters[0]), Buffer.from(secret)).toString('base64');
  }

  openSecret(sealed: string): string {
    return openWithAny(this.masters.map(secretKey), Buffer.from(sealed, 'base64')).toString('utf8');
  }
}

function openWithAny(keys: readonly Uint8Array[], sealed: Buffer): Buffer {
  for (const key of keys) {
    try {
      return open(key, sealed);
    } catch {
      // Another generation's; the next key may be the one.
    }
  }
  throw new Error('sealed under a key that is not in the keyring');
}

function secretKey(master: Buffer): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, '', 'doorstep notifications secrets', KEY_BYTES));
}

function keyOf(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`a master key must be ${KEY_BYTES} bytes in base64`);
  return key;
}

function isContact(value: unknown): value is Contact {
  if (typeof value !== 'object' || value === null) return false;
  const { name, mobile, email, language } = value as Record<string, unknown>;
  const optional = [mobile, email, language].every(
    (text) => text === undefined || text === null || typeof text === 'string',
  );
  return typeof name === 'string' && optional;
}
