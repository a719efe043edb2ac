import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsNumber } from 'class-validator';
import { CRS, type Crs } from '@doorstep/kernel';

export class PointDto {
  @ApiProperty({ description: 'Longitude in degrees, WGS-84.', type: 'number', example: 121.4737 })
  lng: number;

  @ApiProperty({ description: 'Latitude in degrees, WGS-84.', type: 'number', example: 31.2304 })
  lat: number;
}

export class LocationDto {
  @ApiProperty({
    description: 'Longitude in degrees.',
    type: 'number',
    minimum: -180,
    maximum: 180,
    example: 121.4782,
  })
  @IsNumber()
  lng: number;

  @ApiProperty({
    description: 'Latitude in degrees.',
    type: 'number',
    minimum: -90,
    maximum: 90,
    example: 31.2285,
  })
  @IsNumber()
  lat: number;

  @ApiProperty({
    description: 'The system that the pair is in: WGS84 (phones), GCJ02 (Amap, Tencent), BD09 (Baidu).',
    enum: CRS,
    example: 'GCJ02',
  })
  @IsIn(CRS)
  crs: Crs;
}
