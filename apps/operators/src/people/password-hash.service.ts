import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** argon2id as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords off the event loop, and takes the same time whether or not there is an account. */
@Injectable()
export class PasswordHash {
  private readonly decoy = hash(`${Math.random()} nobody's password`, COST);

  of(password: string): Promise<string> {
    return hash(password, COST);
  }

  /** False for an account that isn't there, after the same work as for one that is. */
  async fits(passwordHash: string | undefined, password: string): Promise<boolean> {
    const fits = await verify(passwordHash ?? (await this.decoy), password);
    return passwordHash !== undefined && fits;
  }
}
