import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Keys } from './keys.provider';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what the gateways keep in Redis (AES-256-GCM under a key derived from the identity key): answers may hold
 * personal data or a key shown once, and nobody who can write to Redis may pose as somebody.
 */
@Injectable()
export class Sealer {
  private readonly key: Buffer;

  constructor(keys: Keys) {
    const secret = keys.identity.export({ type: 'pkcs8', format: 'der' });
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'doorstep gateway redis', 32));
  }

  /** `about` binds the sealed text to its place: moved to another Redis key it doesn't open. */
  seal(text: string, about: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Undefined when it was not sealed here, or for another place. */
  open(sealed: string, about: string): string | undefined {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return (
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }
}
