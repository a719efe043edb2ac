import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';

/** Something printable: not blank, no control characters. */
export const PRINTABLE = /^(?!\s*$)[^\p{Cc}\uFFFD]+$/u;

export class NameDto {
  @ApiProperty({
    description: 'Name in Chinese.',
    minLength: 1,
    maxLength: 100,
    example: '瑞金二路社区服务综合体',
  })
  @IsString()
  @Length(1, 100)
  @Matches(PRINTABLE)
  zh: string;

  @ApiPropertyOptional({
    description: 'Name in English.',
    maxLength: 200,
    example: 'Ruijin Er Road community complex',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PRINTABLE)
  en?: string;
}

/** A name as it is shown: English is left out where there is none. */
export function showName({ nameZh, nameEn }: { nameZh: string; nameEn: string | null }): NameDto {
  return { zh: nameZh, ...(nameEn !== null && { en: nameEn }) };
}

export class WarningDto {
  @ApiProperty({ description: 'Stable and snake_case: programs branch on it.', example: 'complex_small' })
  code: string;

  @ApiProperty({
    description: 'What somebody should look at.',
    example: 'A complex of 560 m² is under the guideline of 600 m².',
  })
  message: string;

  @ApiProperty({ description: 'What could be done.', example: 'Add space, or enter the site as a point.' })
  mend: string;
}
