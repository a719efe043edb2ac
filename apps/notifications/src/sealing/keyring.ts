import { hkdfSync } from 'node:crypto';
import { KEY_BYTES, open, seal } from './sealed';

/** What a SealedContact holds once it is open. Never stored, never logged. */
export interface Contact {
  name: string;
  mobile?: string;
  email?: string;
  language?: string;
}

/** The three texts of a SealedContact, as bookings tells them. */
export interface SealedTexts {
  keyId: string;
  wrappedKey: string;
  sealed: string;
}

/**
 * The master keys by generation. Contacts are opened with the generation they name; where it isn't known the current
 * key is tried, which fails safely, since the tag tells a wrong key.
 */
export class Keyring {
  private readonly former: Map<string, Buffer>;

  /**
   * @param current base64 of 32 bytes
   * @param former earlier generations as `id:base64`
   */
  constructor(
    private readonly currentId: string,
    current: string,
    former: readonly string[] = [],
  ) {
    const pairs = former.map((text) => text.split(':', 2) as [string, string]);
    this.former = new Map([[currentId, current] as const, ...pairs].map(([id, key]) => [id, keyOf(key)]));
  }

  /** Unwraps the resident's data key and opens the contact with it. */
  openContact({ keyId, wrappedKey, sealed }: SealedTexts): Contact {
    const dataKey = open(this.master(keyId), Buffer.from(wrappedKey, 'base64'));
    const contact: unknown = JSON.parse(open(dataKey, Buffer.from(sealed, 'base64')).toString('utf8'));
    if (!isContact(contact)) throw new Error('the sealed contact has another shape than agreed');
    return contact;
  }

  /** Seals a secret of this service's own, under a key derived for that purpose alone (HKDF, RFC 5869). */
  sealSecret(secret: string): string {
    return `${this.currentId}:${seal(this.secretKey(this.currentId), Buffer.from(secret)).toString('base64')}`;
  }

  openSecret(sealed: string): string {
    const [keyId, text] = sealed.split(':', 2);
    return open(this.secretKey(keyId), Buffer.from(text, 'base64')).toString('utf8');
  }

  private master(keyId: string): Buffer {
    const key = this.former.get(keyId) ?? this.former.get(this.currentId);
    if (!key) throw new Error('the keyring is empty');
    return key;
  }

  private secretKey(keyId: string): Uint8Array {
    const derived = hkdfSync('sha256', this.master(keyId), '', 'doorstep notifications secrets', KEY_BYTES);
    return new Uint8Array(derived);
  }
}

function keyOf(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`a master key must be ${KEY_BYTES} bytes in base64`);
  return key;
}

function isContact(value: unknown): value is Contact {
  if (typeof value !== 'object' || value === null) return false;
  const { name, mobile, email, language } = value as Record<string, unknown>;
  const optional = [mobile, email, language].every((text) => text == null || typeof text === 'string');
  return typeof name === 'string' && optional;
}
