import { IsInt, Max, Min } from 'class-validator';
import { Env, ServiceConfig } from '@doorstep/platform';

export class BillingConfig extends ServiceConfig {
  @Env('STORAGE_DIR', 'directory that keeps the original settlement files; back it up with the database')
  storageDir: string;

  @Env(
    'PENDING_SECONDS_MAX',
    'longest that a held booking waits for news of its resident, offering or contract before it is declined',
  )
  @IsInt()
  @Min(1)
  @Max(600)
  pendingSecondsMax: number = 30;
}
