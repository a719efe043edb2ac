import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { DomainError } from '@doorstep/kernel';
import { Type as Convert } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export const PAGE_LIMIT_MAX = 200;

/** Query of every list; a list with filters extends it. */
export class PageQuery {
  @ApiPropertyOptional({
    description: 'Most items in one answer.',
    type: 'integer',
    minimum: 1,
    maximum: PAGE_LIMIT_MAX,
    default: 50,
  })
  @IsOptional()
  @Convert(() => Number)
  @IsInt()
  @Min(1)
  @Max(PAGE_LIMIT_MAX)
  limit: number = 50;

  @ApiPropertyOptional({
    description: "The previous answer's nextCursor; opaque.",
    example: 'WyIyMDI2LTExLTAxIl0',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
}

/** One answer of a list; nextCursor is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type SortKey = (string | number | null)[];

/** Makes a page from `limit + 1` rows: the extra row tells that there is more. keyOf gives the row's sort key. */
export function page<T>(rows: T[], limit: number, keyOf: (row: T) => SortKey): Page<T> {
  const items = rows.slice(0, limit);
  const more = rows.length > limit;
  return { items, nextCursor: more ? encodeCursor(keyOf(items[items.length - 1])) : null };
}

/** Like page(), turning each row into what is shown. */
export function pageOf<R, T>(
  rows: R[],
  limit: number,
  keyOf: (row: R) => SortKey,
  show: (row: R) => T,
): Page<T> {
  const { items, nextCursor } = page(rows, limit, keyOf);
  return { items: items.map(show), nextCursor };
}

export function encodeCursor(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key after which a page starts; undefined for the first page, 400 for a cursor that isn't ours. */
export function decodeCursor(cursor: string | undefined, parts: number): SortKey | undefined {
  if (cursor === undefined) return undefined;
  const key = parseCursor(cursor);
  const scalars =
    Array.isArray(key) && key.every((part) => part === null || ['string', 'number'].includes(typeof part));
  if (scalars && key.length === parts) return key as SortKey;
  throw new DomainError('malformed', 'cursor_malformed', 'cursor is not one that this list gave out.', {
    field: 'cursor',
    mend: 'Pass nextCursor of the previous answer as it is, or leave cursor out.',
  });
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Documents a list: {items: Dto[], nextCursor}. */
export function ApiPage(Dto: Type, description = 'One page.'): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(Dto),
    ApiOkResponse({
      description,
      schema: {
        type: 'object',
        required: ['items', 'nextCursor'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(Dto) } },
          nextCursor: {
            type: ['string', 'null'] as unknown as string,
            description: 'Pass it as cursor to get the next page; null on the last one.',
          },
        },
      },
    }),
  );
}
