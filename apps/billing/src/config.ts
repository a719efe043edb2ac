import { ArrayMaxSize, ArrayUnique, IsInt, Matches, Max, Min } from 'class-validator';
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

  @Env(
    'EXPIRY_NOTICE_DAYS',
    'how many days before a package or a prepaid card ends its holder is told, each once',
  )
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(/^[1-9]\d{0,2}$/, { each: true })
  expiryNoticeDays: string[] = ['30', '7'];
}
