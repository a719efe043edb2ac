import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SERVICES, type ServiceName } from './services';

/** Everything secret that one installation needs, by environment name. No default stands anywhere else. */
export type Secrets = Readonly<Record<string, string>>;

/** A fresh, complete set. */
export function generateSecrets(): Secrets {
  const identity = ed25519();
  const access = ed25519();
  const passwords = SERVICES.flatMap((service) =>
    (['owner', 'app'] as const).map((role) => [passwordName(service, role), password()]),
  );
  return {
    IDENTITY_PRIVATE_KEY: identity.privateKey,
    IDENTITY_PUBLIC_KEY: identity.publicKey,
    ACCESS_TOKEN_PRIVATE_KEY: access.privateKey,
    MASTER_KEY: randomBytes(32).toString('base64'),
    CONTACT_KEY: randomBytes(32).toString('base64'),
    ...Object.fromEntries(passwords),
  };
}

/** BOOKINGS_OWNER_PASSWORD runs migrations, BOOKINGS_APP_PASSWORD is the service's own. */
export function passwordName(service: ServiceName, role: 'owner' | 'app'): string {
  return `${service.toUpperCase()}_${role.toUpperCase()}_PASSWORD`;
}

/** Hexadecimal: passes unquoted through URLs, SQL, YAML and shells. */
export const password = (): string => randomBytes(24).toString('hex');

/** The kept set, readable by its owner only; made on the first start, and completed when a new name has come. */
export async function keptSecrets(file: string): Promise<Secrets> {
  const kept = parseSecrets(await readFile(file, 'utf8').catch(() => ''));
  const fresh = generateSecrets();
  const missing = Object.keys(fresh).filter((name) => !(name in kept));
  // A key pair is one secret in two names: half of it would fit nothing.
  if (missing.includes('IDENTITY_PRIVATE_KEY') !== missing.includes('IDENTITY_PUBLIC_KEY')) {
    throw new Error(
      `${file} holds only half of the identity key pair: put the other half back, or remove both`,
    );
  }
  const secrets = { ...kept, ...Object.fromEntries(missing.map((name) => [name, fresh[name] as string])) };
  if (missing.length > 0) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, formatSecrets(secrets), { mode: 0o600 });
  }
  return secrets;
}

export function formatSecrets(secrets: Secrets): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

export function parseSecrets(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    return match ? [[match[1], match[2]] as [string, string]] : [];
  });
  return Object.fromEntries(pairs);
}

function ed25519(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const base64 = (pem: string | Buffer): string => Buffer.from(pem).toString('base64');
  return {
    privateKey: base64(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: base64(publicKey.export({ type: 'spki', format: 'pem' })),
  };
}
