import { Env, ServiceConfig } from '@doorstep/platform';
import { IsInt, Matches, Min } from 'class-validator';

/** Base64 of exactly 32 bytes. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

export class NotificationsConfig extends ServiceConfig {
  /** Nobody waits for the message of a single booking: longer batches cost a fraction. */
  override eventsGatherMs = 200;

  @Env(
    'CONTACT_KEY',
    "base64 of the 32 bytes that wrap residents' contact keys; the same one as in bookings",
    {
      secret: true,
    },
  )
  @Matches(KEY, { message: '$property must be 32 bytes in base64' })
  contactKey: string;

  @Env(
    'CONTACT_KEYS_FORMER',
    'earlier CONTACT_KEYs that snapshots may still be sealed under, comma separated',
    {
      optional: true,
      secret: true,
    },
  )
  @Matches(KEY, { each: true, message: '$property must be 32 bytes in base64 each' })
  contactKeysFormer: string[] = [];

  @Env(
    'SMTP_URL',
    'mail server, e.g. smtps://user:password@mail.example.org; unset: messages go to NOTIFICATIONS_DIR',
    {
      optional: true,
      secret: true,
    },
  )
  @Matches(/^smtps?:\/\//)
  smtpUrl?: string;

  @Env('MAIL_FROM', 'sender of e-mail; its domain also stands in the Message-ID')
  @Matches(/^[^@]+@[^@\s>]+>?$/)
  mailFrom: string = 'Doorstep <no-reply@doorstep.invalid>';

  @Env(
    'NOTIFICATIONS_DIR',
    'folder for messages when no mail server is set: one file a day, one JSON object a line',
  )
  notificationsDir: string = '.doorstep/notifications';

  @Env(
    'WEBHOOK_ALLOW_PRIVATE',
    'true lets webhooks use http and addresses of private networks: development only',
  )
  webhookAllowPrivate: boolean = false;

  @Env('WEBHOOK_DISABLE_HOURS', 'an endpoint that has failed for so long without one success is disabled')
  @IsInt()
  @Min(1)
  webhookDisableHours: number = 120;

  @Env('DELIVERY_LEASE_SECONDS', 'a delivery whose sender died is taken up again after so long')
  @IsInt()
  @Min(2)
  deliveryLeaseSeconds: number = 120;

  @Env('DELIVERIES_KEEP_DAYS', 'deliveries that ended longer ago are removed from the log')
  @IsInt()
  @Min(1)
  deliveriesKeepDays: number = 180;
}
