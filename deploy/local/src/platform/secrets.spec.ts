import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSecrets, generateSecrets, keptSecrets, parseSecrets } from './secrets';

const pem = (base64: string | undefined): string => Buffer.from(base64 as string, 'base64').toString();

describe('secrets', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-secrets-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are new each time, and pass through a file', () => {
    const [one, two] = [generateSecrets(), generateSecrets()];
    expect(Object.values(one).filter((value) => Object.values(two).includes(value))).toEqual([]);
    expect(parseSecrets(formatSecrets(one))).toEqual(one);
  });

  it('hold an identity key pair that fits together', () => {
    const { IDENTITY_PRIVATE_KEY, IDENTITY_PUBLIC_KEY } = generateSecrets();
    const signature = sign(null, Buffer.from('x'), createPrivateKey(pem(IDENTITY_PRIVATE_KEY)));
    expect(verify(null, Buffer.from('x'), createPublicKey(pem(IDENTITY_PUBLIC_KEY)), signature)).toBe(true);
  });

  it("are made once, for the owner's eyes only, and stay", async () => {
    const file = join(directory, 'new', 'secrets.env');
    const made = await keptSecrets(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keptSecrets(file)).toEqual(made);
  });

  it('are completed when a later version needs one more', async () => {
    const file = join(directory, 'secrets.env');
    const { MASTER_KEY, ...older } = await keptSecrets(file);
    await writeFile(file, formatSecrets(older));
    const completed = await keptSecrets(file);

    expect(completed).toMatchObject(older);
    expect(completed.MASTER_KEY).not.toBe(MASTER_KEY);
    expect(parseSecrets(await readFile(file, 'utf8'))).toEqual(completed);
  });

  it('refuse half of a key pair', async () => {
    const file = join(directory, 'secrets.env');
    const { IDENTITY_PUBLIC_KEY: _, ...half } = generateSecrets();
    await writeFile(file, formatSecrets(half));
    await expect(keptSecrets(file)).rejects.toThrow(/half of the identity key pair/);
  });
});
