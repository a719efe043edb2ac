import { Env, ServiceConfig } from '@doorstep/platform';
import { IsTimeZone } from 'class-validator';

export class OperatorsConfig extends ServiceConfig {
  @Env('ADMIN_PASSWORD_FILE', "file that the first start writes the first administrator's password to", {
    optional: true,
  })
  adminPasswordFile?: string;

  @Env('CONTRACT_TIME_ZONE', 'IANA zone in which the days of contracts begin')
  @IsTimeZone()
  contractTimeZone: string = 'Asia/Shanghai';
}
