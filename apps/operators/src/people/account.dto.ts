import type { Actor } from '@doorstep/platform';
import { ApiProperty } from '@nestjs/swagger';

/** The caller, as the platform knows them. */
export class AccountDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Person or API client.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1b',
  })
  id: string;

  @ApiProperty({ enum: ['person', 'client', 'system'], description: 'What you are.', example: 'person' })
  kind: Actor['kind'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Log-in; null for API clients.',
    example: 'li.na@linli.example',
  })
  login: string | null;

  @ApiProperty({ description: 'Name.', example: '李娜' })
  name: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Your organisation; null for administrators.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  organisationId: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The operator whose data you see; null for administrators, authorities, funders.',
    example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a',
  })
  operatorId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The region that an authority sees.',
    example: null,
  })
  regionPrefix: string | null;

  @ApiProperty({ type: [String], description: 'Your roles.', example: ['portfolio_manager'] })
  roles: Actor['roles'];

  @ApiProperty({
    type: [String],
    description: 'The sites you are bound to; empty: all of the tenant.',
    example: [],
  })
  siteIds: string[];

  @ApiProperty({ description: 'Set an own password first: nothing else is open until then.', example: false })
  mustChangePassword: boolean;
}
