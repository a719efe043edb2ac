import { Env, ServiceConfig } from '@doorstep/platform';
import { IsInt, Matches, Max, Min } from 'class-validator';

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

  @Env(
    'WALKING_ROUTER_URL',
    'OSRM table service for walks along streets, such as http://osrm:5000/table/v1/foot; empty: straight line and detour',
  )
  @Matches(/^(https?:\/\/[^\s?#]+[^\s?#/])?$/)
  walkingRouterUrl: string = '';

  @Env(
    'WALKING_ROUTER_TIMEOUT_MS',
    'how long a search waits for the routing engine before it goes by the straight line',
  )
  @IsInt()
  @Min(10)
  @Max(10_000)
  walkingRouterTimeoutMs: number = 400;

  @Env('WALKING_ROUTER_POINTS_MAX', "points of one question to the routing engine: OSRM's --max-table-size")
  @IsInt()
  @Min(2)
  @Max(10_000)
  walkingRouterPointsMax: number = 100;
}
