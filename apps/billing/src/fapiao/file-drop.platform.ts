import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { isDay } from '@doorstep/kernel';
import { BillingConfig } from '../config';
import { FapiaoPlatform, type FapiaoAnswer, type FapiaoRequest } from './fapiao-platform';

const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * Files for a person or a program that stands before the tax platform, under STORAGE_DIR/fapiao:
 *
 *   requests/<id>.json   a FapiaoRequest; written whole or not at all
 *   answers/<any>.json   {"id", "outcome": "issued", "fapiaoNumber", "issuedOn"} or {"id", "outcome": "rejected", "reason"}
 *   done/, faulty/       where answers go once they are taken over, or when they can't be read
 */
@Injectable()
export class FileDropPlatform extends FapiaoPlatform {
  constructor(private readonly config: BillingConfig) {
    super();
  }

  async submit(request: FapiaoRequest): Promise<void> {
    const directory = await this.directory('requests');
    const path = join(directory, `${request.id}.json`);
    const file = await open(`${path}.part`, 'w');
    try {
      await file.writeFile(`${JSON.stringify(request, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }

  async answers(limit: number): Promise<FapiaoAnswer[]> {
    const directory = await this.directory('answers');
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
    return Promise.all(names.slice(0, limit).map((name) => this.read(directory, name)));
  }

  async done(answer: FapiaoAnswer): Promise<void> {
    const target = await this.directory(answer.outcome === 'unreadable' ? 'faulty' : 'done');
    await rename(join(await this.directory('answers'), answer.handle), join(target, answer.handle));
  }

  private async read(directory: string, handle: string): Promise<FapiaoAnswer> {
    const text = await readFile(join(directory, handle), 'utf8');
    return parseAnswer(handle, text.length > ANSWER_BYTES_MAX ? '' : text);
  }

  private async directory(name: string): Promise<string> {
    const path = join(this.config.storageDir, 'fapiao', name);
    await mkdir(path, { recursive: true });
    return path;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What somebody else wrote: every field is looked at. */
export function parseAnswer(handle: string, text: string): FapiaoAnswer {
  const faulty = (reason: string): FapiaoAnswer => ({ id: '', handle, outcome: 'unreadable', reason });
  let answer: Record<string, unknown>;
  try {
    answer = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return faulty('not JSON');
  }
  const { id, outcome, fapiaoNumber, issuedOn, reason } = answer;
  if (typeof id !== 'string' || !UUID.test(id)) return faulty('no id of a fapiao');
  if (outcome === 'rejected') {
    const said = typeof reason === 'string' ? reason.trim().slice(0, 500) : '';
    return { id, handle, outcome, reason: said || 'no reason given' };
  }
  if (outcome !== 'issued') return faulty('the outcome is neither issued nor rejected');
  if (typeof fapiaoNumber !== 'string' || !/^\d{8,20}$/.test(fapiaoNumber))
    return faulty('no number of a fapiao: 8 to 20 digits');
  if (typeof issuedOn !== 'string' || !isDay(issuedOn)) return faulty('no day of issue');
  return { id, handle, outcome, fapiaoNumber, issuedOn };
}
