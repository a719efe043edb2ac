import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';

/** Lines of statements are numbered; what is no such number is refused before anything is asked. */
@Injectable()
export class LineIdPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
    throw new DomainError('malformed', 'id_malformed', 'The id of a line is a whole number.', {
      field: 'id',
      mend: 'Take it from GET /v1/account-statements/{id}/lines.',
    });
  }
}
