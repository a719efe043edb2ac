import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError, levelOf } from '@doorstep/kernel';

/** For region codes in the path. */
@Injectable()
export class RegionCodeParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (levelOf(value)) return value;
    throw new DomainError('malformed', 'region_code_malformed', 'The path holds no region code.', {
      field: 'code',
      mend: 'A code has 2, 4, 6, 9 or 12 digits: province, city, district, street or community.',
    });
  }
}
