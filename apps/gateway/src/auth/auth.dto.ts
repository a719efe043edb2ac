import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

/** Longer ones only cost hashing time. */
const PASSWORD_LENGTH_MAX = 200;

export class LoginDto {
  @ApiProperty({
    description: 'The login of a local account.',
    example: 'wang.fang',
    minLength: 1,
    maxLength: 200,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  login: string;

  @ApiProperty({
    description: 'Its password.',
    format: 'password',
    minLength: 1,
    maxLength: PASSWORD_LENGTH_MAX,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(PASSWORD_LENGTH_MAX)
  password: string;
}

export class RefreshDto {
  @ApiProperty({
    description: 'The refresh token of the last answer; each is good for one use.',
    maxLength: 500,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  refreshToken: string;
}

export class TokensDto {
  @ApiProperty({
    description: 'Send it as Authorization: Bearer ….',
    example: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
  })
  accessToken: string;

  @ApiProperty({ description: 'How to send it.', enum: ['Bearer'] })
  tokenType: 'Bearer';

  @ApiProperty({ description: 'Life of the access token.', type: 'integer', example: 600 })
  expiresInSeconds: number;

  @ApiProperty({ description: 'Gets the next pair; using it twice ends the session.', example: 'dsr_…' })
  refreshToken: string;
}
