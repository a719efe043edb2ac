import { Env, ServiceConfig } from '@doorstep/platform';
import { IsInt, Max, Min } from 'class-validator';

export class FacilitiesConfig extends ServiceConfig {
  /** Five thousand regions in one call. */
  override bodyBytesMax: number = 4 * 1024 * 1024;

  @Env('WALKING_METRES_PER_MINUTE', 'walking speed; 80 is an adult at ease (4.8 km/h), 50 an old person')
  @Min(10)
  @Max(200)
  walkingMetresPerMinute: number = 80;

  @Env('WALKING_DETOUR_PERCENT', 'length of the way on foot, in percent of the straight line')
  @IsInt()
  @Min(100)
  @Max(300)
  walkingDetourPercent: number = 125;
}
