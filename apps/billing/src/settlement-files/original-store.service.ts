import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { newId, sha256Hex } from '@doorstep/kernel';
import { currentContext, Periodic } from '@doorstep/platform';
import { BillingConfig } from '../config';

/** A file as it came, on disk, not yet anybody's. */
export interface Incoming {
  path: string;
  sha256: string;
  bytes: number;
}

/** An upload that was never finished is thrown away after this time. */
const INCOMING_MS_MAX = 6 * 3_600_000;

/** Keeps the original of every settlement file under the operator and the file's own SHA-256. */
@Injectable()
export class OriginalStore {
  constructor(private readonly config: BillingConfig) {}

  /** Receives a file for `work`, and throws away what that did not keep. */
  async taking<T>(file: Readable, work: (incoming: Incoming) => Promise<T>): Promise<T> {
    const incoming = await this.receive(file);
    try {
      standFor(incoming);
      return await work(incoming);
    } finally {
      await rm(incoming.path, { force: true });
    }
  }

  /** Writes a stream to disk while counting and hashing it; nothing of it stays in memory. */
  private async receive(file: Readable): Promise<Incoming> {
    const directory = join(this.config.storageDir, 'incoming');
    await mkdir(directory, { recursive: true });
    const path = join(directory, newId());
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await pipeline(file, measure, createWriteStream(path, { flags: 'wx' }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, sha256: hash.digest('hex'), bytes };
  }

  /** Gives a received file its lasting place. A file that is there already is the same file. */
  async keep({ path, sha256 }: Incoming, operatorId: string): Promise<void> {
    const directory = join(this.config.storageDir, operatorId);
    await mkdir(directory, { recursive: true });
    await synced(path);
    await rename(path, this.pathOf(operatorId, sha256));
    await synced(directory);
  }

  open(operatorId: string, sha256: string): Readable {
    return createReadStream(this.pathOf(operatorId, sha256));
  }

  @Periodic({ everyMs: 3_600_000, name: 'discard unfinished uploads' })
  async discardUnfinished(): Promise<void> {
    const directory = join(this.config.storageDir, 'incoming');
    const names = await readdir(directory).catch(() => []);
    for (const name of names) {
      const path = join(directory, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > INCOMING_MS_MAX) await rm(path, { force: true });
    }
  }

  private pathOf(operatorId: string, sha256: string): string {
    return join(this.config.storageDir, operatorId, sha256);
  }
}

/** The request's own hash can't cover a streamed body, so the file's hash joins it before anything is remembered. */
function standFor({ sha256 }: Incoming): void {
  const context = currentContext();
  if (context.requestHash) context.requestHash = sha256Hex(`${context.requestHash} ${sha256}`);
}

/** Makes what was written survive a power cut before the database says that it is there. */
async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
