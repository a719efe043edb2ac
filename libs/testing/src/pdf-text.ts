import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** In a process of its own: Jest's modules can't load the reader's worker. */
const READ = `
  const { PDFParse } = require('pdf-parse');
  const parser = new PDFParse({ data: new Uint8Array(require('node:fs').readFileSync(process.argv[1])) });
  parser.getText().then(({ text }) => process.stdout.write(text)).finally(() => parser.destroy());
`;
const READ_MS_MAX = 30_000;
const TEXT_BYTES_MAX = 16 * 1024 ** 2;

/** What stands on the pages of a paper, read by a program that had no part in making it. */
export async function pdfText(pdf: Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-pdf-'));
  try {
    const file = join(directory, 'paper.pdf');
    await writeFile(file, pdf);
    const options = { cwd: __dirname, timeout: READ_MS_MAX, maxBuffer: TEXT_BYTES_MAX };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', READ, file], options);
    return stdout;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
