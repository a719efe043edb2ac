import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { DomainError } from '@doorstep/kernel';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/*
 * One file out of an archive on disk, as a stream. yauzl reads the format; here stands what a stranger's archive may not
 * do: hold thousands of files, be encrypted, unfold without end, or differ from the checksum that its directory gives.
 */
const LOCAL_SIGNATURE = 0x04034b50;
const ENTRIES_MAX = 100;

/** An archive may not unfold to more than this many times its size, beyond a size that any real bill stays under. */
const UNFOLD_RATIO_MAX = 200;
const UNFOLD_BYTES_FREE = 64 * 1024 ** 2;

/** Names without the mark for UTF-8 are in GBK in archives of Chinese makers. */
const NAME_IS_UTF8 = 0x800;

export interface ZippedFile {
  name: string;
  entry: Entry;
}

/** Whether a file begins like an archive. */
export function looksZipped(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === LOCAL_SIGNATURE;
}

/** The files of an archive, directories left out. */
export async function zipEntries(path: string): Promise<ZippedFile[]> {
  const zip = await opened(path);
  try {
    if (zip.entryCount > ENTRIES_MAX) throw broken('its directory is out of bounds');
    const files: ZippedFile[] = [];
    for await (const entry of zip.eachEntry()) files.push({ name: nameOf(entry), entry });
    return files.filter(({ name }) => !name.endsWith('/'));
  } catch (error) {
    throw error instanceof DomainError
      ? error
      : broken(`its directory is damaged: ${(error as Error).message}`);
  } finally {
    zip.close();
  }
}

/** The content of one file of an archive; fails when it unfolds to more than it may. */
export async function unzipped(path: string, { name, entry }: ZippedFile): Promise<Readable> {
  if (entry.isEncrypted()) throw broken(`${name} is encrypted`);
  if (!entry.canDecodeFileData()) throw broken(`${name} is packed in a way that is not known`);
  if (entry.uncompressedSize === 0) throw broken(`${name} is empty`);
  const zip = await opened(path);
  try {
    const content = await zip.openReadStreamPromise(entry);
    const checked = content.pipe(checkUnfolding(name, entry));
    content.on('error', (error) => checked.destroy(broken(`${name} is damaged: ${error.message}`)));
    checked.on('close', () => {
      content.destroy();
      zip.close();
    });
    return checked;
  } catch (error) {
    zip.close();
    throw broken(`${name} is damaged: ${(error as Error).message}`);
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    // Sizes are checked here, together with the checksum, so that an error says which file it was.
    return await openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: false });
  } catch (error) {
    throw broken(`its directory is missing: ${(error as Error).message}`);
  }
}

function nameOf({ fileNameRaw, generalPurposeBitFlag }: Entry): string {
  return new TextDecoder(generalPurposeBitFlag & NAME_IS_UTF8 ? 'utf-8' : 'gb18030').decode(fileNameRaw);
}

/** Stops what unfolds without end, and what isn't in the end what the directory says. */
function checkUnfolding(name: string, entry: Entry): Transform {
  const bytesMax = Math.max(UNFOLD_BYTES_FREE, entry.compressedSize * UNFOLD_RATIO_MAX);
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
      if (bytes === entry.uncompressedSize && sum === entry.crc32) done();
      else done(broken(`${name} is damaged: its checksum differs`));
    },
  });
}

function broken(what: string): DomainError {
  return new DomainError('invalid', 'archive_broken', `The archive can't be read: ${what}.`, {
    mend: 'Download it again and send it unchanged, or send the bill inside of it.',
  });
}
