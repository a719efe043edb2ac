import { SERVICE_MODES, type ServiceMode } from '@doorstep/contracts';
import { CRS, type Crs } from '@doorstep/kernel';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import { PageQuery } from './pagination';

/** Query of every search within a walk from somewhere; `locate` makes a point of it. */
export class AroundQuery extends PageQuery {
  @ApiProperty({ description: 'Longitude in degrees.', type: 'number', example: 121.4737 })
  @Type(() => Number)
  @IsNumber()
  lng: number;

  @ApiProperty({ description: 'Latitude in degrees.', type: 'number', example: 31.2304 })
  @Type(() => Number)
  @IsNumber()
  lat: number;

  @ApiPropertyOptional({ description: 'System of the pair.', enum: CRS, default: 'WGS84' })
  @IsOptional()
  @IsIn(CRS)
  crs: Crs = 'WGS84';

  @ApiPropertyOptional({
    description: 'Longest walk in minutes.',
    type: 'integer',
    minimum: 1,
    maximum: 60,
    default: 15,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(60)
  minutes: number = 15;

  @ApiPropertyOptional({ description: 'Only this kind of service.', example: 'meals' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{1,39}$/)
  kind?: string;

  @ApiPropertyOptional({ description: 'Only this mode.', enum: SERVICE_MODES, example: 'session' })
  @IsOptional()
  @IsIn(SERVICE_MODES)
  mode?: ServiceMode;
}
