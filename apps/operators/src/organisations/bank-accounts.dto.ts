import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { BANK_ACCOUNT_PURPOSES, type BankAccountPurpose } from './bank-account';

export class EnterBankAccountDto {
  @ApiProperty({ enum: BANK_ACCOUNT_PURPOSES, description: 'What money goes there.', example: 'settlement' })
  @IsIn(BANK_ACCOUNT_PURPOSES)
  purpose: BankAccountPurpose;

  @ApiProperty({
    description: 'Whose name it is in.',
    example: '邻里之家社区服务连锁有限公司',
    maxLength: 200,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  holder: string;

  @ApiProperty({ description: 'Bank and branch.', example: '工商银行黄浦支行', maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  bank: string;

  @ApiPropertyOptional({
    description: 'The bank in the payment system (CNAPS), 12 digits.',
    example: '102290000121',
  })
  @IsOptional()
  @Matches(/^\d{12}$/)
  bankCode?: string;

  @ApiProperty({ description: 'Account number, 8 to 32 digits.', example: '6222021001122334' })
  @IsString()
  @MaxLength(60)
  number: string;
}

export class BankAccountDto {
  @ApiProperty({ format: 'uuid', description: 'Id.', example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b40' })
  id: string;

  @ApiProperty({ enum: BANK_ACCOUNT_PURPOSES, description: 'What money goes there.', example: 'settlement' })
  purpose: BankAccountPurpose;

  @ApiProperty({ description: 'Whose name it is in.', example: '邻里之家社区服务连锁有限公司' })
  holder: string;

  @ApiProperty({ description: 'Bank and branch.', example: '工商银行黄浦支行' })
  bank: string;

  @ApiProperty({ type: String, nullable: true, description: 'CNAPS code.', example: '102290000121' })
  bankCode: string | null;

  @ApiProperty({
    description: 'Whole for owner, finance and administrators; others see four digits.',
    example: '************2334',
  })
  number: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was entered.',
    example: '2026-11-02T01:00:00.000Z',
  })
  openedAt: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null while it is in use.',
    example: null,
  })
  closedAt: Date | null;
}

export class BankAccountsDto {
  @ApiProperty({ type: [BankAccountDto], description: 'Those in use first.' })
  items: BankAccountDto[];
}
