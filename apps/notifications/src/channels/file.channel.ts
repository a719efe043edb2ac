import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../deliveries/delivery';
import { type Mail, MessageChannel } from './channel';

/**
 * Messages as JSON lines, one file a day (UTC): what a mail server would have got. They hold names and texts, so the
 * folder is for the owner alone. After a crash a line may stand twice, with the same id.
 */
export class FileChannel extends MessageChannel {
  readonly channel = 'file';

  constructor(private readonly folder: string) {
    super();
  }

  async send({ id, at, language, to, subject, text }: Mail): Promise<Outcome> {
    const line = `${JSON.stringify({ id, at, language, to, subject, text })}\n`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await appendFile(join(this.folder, `${at.toISOString().slice(0, 10)}.jsonl`), line, { mode: 0o600 });
      return { kind: 'sent' };
    } catch (error) {
      return {
        kind: 'failed',
        reason: `file_${(error as NodeJS.ErrnoException).code ?? 'error'}`.toLowerCase(),
      };
    }
  }
}
