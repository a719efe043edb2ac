import { type Readable, Transform } from 'node:stream';
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtension } from '@nestjs/swagger';
import { DomainError } from '@doorstep/kernel';
import type { FastifyRequest } from 'fastify';

/** Content types that a file may come as. */
export const UPLOAD_TYPES = [
  'text/csv',
  'application/octet-stream',
  'application/zip',
  'application/xml',
] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];

export interface UploadOptions {
  /** Largest file; checked while it streams. */
  bytesMax: number;
  description: string;
  types?: readonly UploadType[];
}

const BYTES_MAX = 'doorstep:upload-bytes-max';

/** An operation that takes one file as its body, streamed: `upload(@UploadStream() file: Readable)`. */
export function Upload({ bytesMax, description, types = UPLOAD_TYPES }: UploadOptions): MethodDecorator {
  return applyDecorators(
    SetMetadata(BYTES_MAX, bytesMax),
    RouteConfig({ uploadTypes: types }),
    ApiConsumes(...types),
    ApiBody({ description, required: true, schema: { type: 'string', format: 'binary' } }),
    ApiExtension('x-upload-bytes-max', bytesMax),
  );
}

/** The file as a stream that fails with a 413 beyond the operation's limit; an absent one is an empty stream's 400. */
export const UploadStream = createParamDecorator((_: unknown, execution: ExecutionContext): Readable => {
  const request = execution.switchToHttp().getRequest<FastifyRequest>();
  const bytesMax = Reflect.getMetadata(BYTES_MAX, execution.getHandler()) as number;
  const body = request.body as Readable | undefined;
  if (!body || typeof body.pipe !== 'function') throw noFile();
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw fileTooLarge(bytesMax);
  return limitedStream(body, bytesMax, fileTooLarge);
});

/** The same bytes, breaking off with `refusal` beyond the limit, and with an error when the sender goes away. */
export function limitedStream(
  source: Readable,
  bytesMax: number,
  refusal: (bytesMax: number) => Error,
): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bytesMax) done(refusal(bytesMax));
      else done(null, chunk);
    },
  });
  source.on('error', (error) => limit.destroy(error));
  source.on('close', () => {
    if (!source.readableEnded) limit.destroy(senderGone());
  });
  return source.pipe(limit);
}

function senderGone(): DomainError {
  return new DomainError('malformed', 'body_incomplete', 'The body broke off before its end.', {
    mend: 'Send the whole file again.',
  });
}

function noFile(): DomainError {
  return new DomainError('malformed', 'file_missing', 'The body holds no file.', {
    mend: `Send the file as the body, with one of these content types: ${UPLOAD_TYPES.join(', ')}.`,
  });
}

function fileTooLarge(bytesMax: number): DomainError {
  return new DomainError('too_large', 'file_too_large', `The file is larger than ${bytesMax} bytes.`, {
    mend: 'Split the file.',
    bytesMax,
  });
}
