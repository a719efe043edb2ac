import { Env, ServiceConfig } from '@doorstep/platform';
import { ArrayUnique, IsInt, Max, Min, Validate, ValidatorConstraint } from 'class-validator';

@ValidatorConstraint({ name: 'key32' })
class Is32BytesInBase64 {
  validate(value: unknown): boolean {
    return typeof value === 'string' && Buffer.from(value, 'base64').length === 32;
  }

  defaultMessage(): string {
    return '$property must be 32 bytes in base64';
  }
}

/** Everything that the bookings service reads from its environment. */
export class BookingsConfig extends ServiceConfig {
  @Env(
    'MASTER_KEY',
    'base64 of 32 bytes that wrap the key of each resident; lost with it is all personal data',
    {
      secret: true,
    },
  )
  @Validate(Is32BytesInBase64)
  masterKey: string;

  @Env('CONTACT_KEY', 'base64 of 32 bytes, shared with notifications alone: opens contact data in events', {
    secret: true,
  })
  @Validate(Is32BytesInBase64)
  contactKey: string;

  @Env('HOLD_SECONDS', 'how long a hold keeps its capacity while billing has not answered')
  @IsInt()
  @Min(5)
  @Max(3600)
  holdSeconds: number = 300;

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
    'UNPRICED_SECONDS',
    'after how long without an answer bookings are confirmed unpriced, where the offering allows',
  )
  @IsInt()
  @Min(1)
  @Max(3600)
  unpricedSeconds: number = 15;

  @Env('OFFER_MINUTES', 'how long who waits has a freed place offered')
  @IsInt()
  @Min(1)
  @Max(10_080)
  offerMinutes: number = 30;

  @Env('SESSION_HORIZON_DAYS', 'for how many days ahead sessions are made')
  @IsInt()
  @Min(1)
  @Max(400)
  sessionHorizonDays: number = 21;

  @Env('OVERLAPPING_KINDS', 'comma separated kinds in which one resident may hold overlapping bookings')
  @ArrayUnique()
  overlappingKinds: string[] = [];

  @Env('ATTENDANCE_EARLY_MINUTES_MAX', 'how long before its start attendance or a check-in may be recorded')
  @IsInt()
  @Min(0)
  @Max(1440)
  attendanceEarlyMinutesMax: number = 30;

  @Env('VISIT_WRONG_TRIES_MAX', 'wrong codes after which a visit takes no more for a while')
  @IsInt()
  @Min(1)
  @Max(20)
  visitWrongTriesMax: number = 5;

  @Env('VISIT_LOCK_MINUTES', 'how long a visit takes no more codes after too many wrong ones')
  @IsInt()
  @Min(1)
  @Max(1440)
  visitLockMinutes: number = 15;
}
