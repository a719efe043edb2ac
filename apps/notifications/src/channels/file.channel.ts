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
    const file = join(this.folder, `${at.toISOString().slice(0, 10)}.jsonl`);
    try {
      await this.append(file, line).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(this.folder, { recursive: true, mode: 0o700 });
        await this.append(file, line);
      });
      return { kind: 'sent' };
    } catch (error) {
      return {
        kind: 'failed',
        reason: `file_${(error as NodeJS.ErrnoException).code ?? 'error'}`.toLowerCase(),
      };
    }
  }

  private append(file: string, line: string): Promise<void> {
    return appendFile(file, line, { mode: 0o600 });
  }
}
