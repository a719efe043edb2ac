import { Env, ServiceConfig } from '@doorstep/platform';
import { IsInt, IsTimeZone, Max, Min } from 'class-validator';

export class OperatorsConfig extends ServiceConfig {
  /** Nobody waits for the portfolio of a single booking: longer batches cost a fraction. */
  override eventsGatherMs = 200;

  @Env('ADMIN_PASSWORD_FILE', "file that the first start writes the first administrator's password to", {
    optional: true,
  })
  adminPasswordFile?: string;

  @Env('CONTRACT_TIME_ZONE', 'IANA zone in which the days of contracts begin')
  @IsTimeZone()
  contractTimeZone: string = 'Asia/Shanghai';

  @Env('COMPLAINT_ANSWER_DAYS', 'days within which a complaint is to be answered')
  @IsInt()
  @Min(1)
  @Max(90)
  complaintAnswerDays: number = 7;

  @Env(
    'ROSTER_HORIZON_DAYS',
    'for how many days ahead shifts are made; at least as many as sessions are made for, and a half',
  )
  @IsInt()
  @Min(14)
  @Max(400)
  rosterHorizonDays: number = 62;
}
