import { createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError, privateKeyFrom } from '@doorstep/platform';
import type { GatewayConfig } from '../config';

/** The gateway's two Ed25519 keys: one speaks to the services, one to the outside. Neither can stand in for the other. */
export class Keys {
  readonly identity: KeyObject;
  readonly identityPublic: KeyObject;
  readonly access: KeyObject;
  readonly accessPublic: KeyObject;

  constructor(config: GatewayConfig) {
    const faults: string[] = [];
    const read = (name: string, pem: string): KeyObject | undefined => {
      const key = ed25519(pem);
      if (!key) faults.push(`${name} must be the base64 of a PKCS #8 PEM with an Ed25519 key`);
      return key;
    };
    const identity = read('IDENTITY_PRIVATE_KEY', config.identityPrivateKey);
    const access = read('ACCESS_TOKEN_PRIVATE_KEY', config.accessTokenPrivateKey);
    if (!identity || !access) throw new ConfigError('gateway', faults);
    this.identity = identity;
    this.identityPublic = createPublicKey(identity);
    this.access = access;
    this.accessPublic = createPublicKey(access);
  }
}

function ed25519(base64Pem: string): KeyObject | undefined {
  try {
    const key = privateKeyFrom(base64Pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
