import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { DomainError } from '@doorstep/kernel';

/*
 * Just enough of PKWARE's APPNOTE to read one file out of an archive on disk, as a stream: stored or deflated entries,
 * without encryption, spanning or ZIP64. Sizes come from the central directory, never from what an entry says of itself.
 */
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const ENTRIES_MAX = 100;
const DIRECTORY_BYTES_MAX = 1_048_576;

/** An archive may not unfold to more than this many times its size, beyond a size that any real bill stays under. */
const UNFOLD_RATIO_MAX = 200;
const UNFOLD_BYTES_FREE = 64 * 1024 ** 2;

export interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  offset: number;
}

/** Whether a file begins like an archive. */
export function looksZipped(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === LOCAL_SIGNATURE;
}

/** The files of an archive, directories left out. */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await readAt(
      file,
      Math.max(0, size - END_BYTES - COMMENT_BYTES_MAX),
      Math.min(size, END_BYTES + COMMENT_BYTES_MAX),
    );
    const end = tail.lastIndexOf(signature(END_SIGNATURE));
    if (end < 0 || end + END_BYTES > tail.length) throw broken('its directory is missing');
    const count = tail.readUInt16LE(end + 10);
    const bytes = tail.readUInt32LE(end + 12);
    const offset = tail.readUInt32LE(end + 16);
    if (count > ENTRIES_MAX || bytes > DIRECTORY_BYTES_MAX || offset + bytes > size)
      throw broken('its directory is out of bounds');
    return entriesIn(await readAt(file, offset, bytes), count);
  } finally {
    await file.close();
  }
}

function entriesIn(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw broken('its directory is damaged');
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const nameBytes = directory.readUInt16LE(at + 28);
    const raw = directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    const name = new TextDecoder(flags & 0x800 ? 'utf-8' : 'gb18030').decode(raw);
    entries.push({
      ...{ name, method, encrypted: (flags & 1) === 1 },
      crc32: directory.readUInt32LE(at + 16),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries.filter(({ name }) => !name.endsWith('/'));
}

/** The content of one file of an archive; fails when it unfolds to more than it may. */
export async function unzipped(path: string, entry: ZipEntry): Promise<Readable> {
  if (entry.encrypted) throw broken(`${entry.name} is encrypted`);
  if (entry.method !== 0 && entry.method !== 8)
    throw broken(`${entry.name} is packed in a way that is not known`);
  const start = await contentOf(path, entry);
  const packed = createReadStream(path, { start, end: start + Math.max(0, entry.compressedBytes - 1) });
  if (entry.compressedBytes === 0) return packed.destroy(broken(`${entry.name} is empty`));
  const limited = checkUnfolding(entry);
  if (entry.method === 0) return chained(packed, limited);
  const inflate = createInflateRaw();
  chained(packed, inflate);
  return chained(inflate, limited, (error) => broken(`${entry.name} is damaged: ${error.message}`));
}

async function contentOf(path: string, { offset, compressedBytes, name }: ZipEntry): Promise<number> {
  const file = await open(path, 'r');
  try {
    const local = await readAt(file, offset, LOCAL_BYTES);
    if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL_SIGNATURE)
      throw broken(`${name} is not where the directory says`);
    const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (start + compressedBytes > (await file.stat()).size) throw broken(`${name} is cut off`);
    return start;
  } finally {
    await file.close();
  }
}

/** Stops what unfolds without end, and what isn't in the end what the directory says. */
function checkUnfolding(entry: ZipEntry): Transform {
  const { compressedBytes, name } = entry;
  const bytesMax = Math.max(UNFOLD_BYTES_FREE, compressedBytes * UNFOLD_RATIO_MAX);
  let bytes = 0;
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      if (bytes > bytesMax) done(broken(`${name} unfolds to more than a bill could be`));
      else done(null, chunk);
    },
    flush(done) {
      if (bytes === entry.bytes && sum === entry.crc32) done();
      else done(broken(`${name} is damaged: its checksum differs`));
    },
  });
}

/** Pipes and lets an error of the source reach whoever reads the end. */
function chained<T extends Transform | ReturnType<typeof createInflateRaw>>(
  source: Readable,
  target: T,
  named: (error: Error) => Error = (error) => error,
): T {
  source.on('error', (error) => target.destroy(named(error)));
  target.on('close', () => source.destroy());
  return source.pipe(target as never) as unknown as T;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function broken(what: string): DomainError {
  return new DomainError('invalid', 'archive_broken', `The archive can't be read: ${what}.`, {
    mend: 'Download it again and send it unchanged, or send the bill inside of it.',
  });
}
