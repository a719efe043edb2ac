import type { KeyObject } from 'node:crypto';

/** The public key that a service verifies identities with; bound by PlatformModule from the config. */
export class IdentityKey {
  constructor(readonly publicKey: KeyObject) {}
}
