import { StreamableFile } from '@nestjs/common';

/** A file that is saved, never shown: its name may hold any script. */
export function asAttachment(file: { name: string; contentType: string; content: Buffer }): StreamableFile {
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  const { contentType: type, content } = file;
  return new StreamableFile(content, { type, disposition, length: content.length });
}
