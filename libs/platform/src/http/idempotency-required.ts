import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { DomainError } from '@doorstep/kernel';
import { openContext } from '../context/context';

/** Refuses a write without an Idempotency-Key where doing it twice would cost money or a place. */
@Injectable()
export class IdempotencyKeyGuard implements CanActivate {
  canActivate(_execution: ExecutionContext): boolean {
    if (openContext()?.idempotencyKey) return true;
    throw new DomainError(
      'malformed',
      'idempotency_key_missing',
      'This operation needs an Idempotency-Key header.',
      {
        field: 'Idempotency-Key',
        mend: 'Send a fresh UUID for each new operation, and the same one for each repeat of it.',
      },
    );
  }
}

/** Marks an operation that is refused without an Idempotency-Key; every other POST takes one. */
export function IdempotencyRequired(): MethodDecorator {
  return applyDecorators(
    UseGuards(IdempotencyKeyGuard),
    ApiExtension('x-idempotency', 'required'),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'A fresh UUID for each new operation, the same one for each repeat of it.',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    }),
  );
}
