import { ArrayNotEmpty, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What every process needs to serve HTTP and to say what it does; the gateway needs no more than this. */
export class HttpConfig {
  @Env('REDIS_URL', 'Redis for wake-ups, limits and caches, e.g. redis://localhost:6379')
  @Matches(/^rediss?:\/\//)
  redisUrl: string;

  @Env('REDIS_PREFIX', 'put before every key and channel, so that several installations share one Redis')
  redisPrefix: string = 'doorstep:';

  @Env('PORT', 'TCP port to listen on; 0 takes a free one')
  @IsInt()
  @Min(0)
  @Max(65535)
  port: number = 0;

  @Env('HOST', 'address to listen on; 0.0.0.0 inside a container')
  host: string = '127.0.0.1';

  @Env('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`)
  @IsIn(LOG_LEVELS)
  logLevel: string = 'info';

  @Env(
    'LOG_FORMAT',
    'json, or text for one readable line each; default: text on a terminal, json otherwise',
    {
      optional: true,
    },
  )
  @IsIn(['json', 'text'])
  logFormat?: string;

  @Env(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTLP/HTTP collector for traces, e.g. http://localhost:4318; unset: no traces',
    {
      optional: true,
    },
  )
  @Matches(/^https?:\/\//)
  otlpEndpoint?: string;

  @Env(
    'CLOCK_FILE',
    'for rehearsals: a file with the milliseconds that the clock is ahead; unset: the real time',
    {
      optional: true,
    },
  )
  clockFile?: string;

  @Env('BODY_BYTES_MAX', 'largest body of an ordinary request; files have limits of their own')
  @IsInt()
  @Min(1024)
  bodyBytesMax: number = 1024 * 1024;

  @Env(
    'TRUSTED_PROXIES',
    'comma separated addresses or networks of proxies in front, whose X-Forwarded-For is believed',
  )
  trustedProxies: string[] = [];

  @Env('STOP_SECONDS_MAX', 'longest time that a graceful stop may take before the process ends anyway')
  @IsInt()
  @Min(1)
  stopSecondsMax: number = 15;
}

/** What every domain service needs; a service's own config class extends it. */
export class ServiceConfig extends HttpConfig {
  @Env('DATABASE_URL', "the service's own Postgres database, as its own non-owner role", { secret: true })
  @Matches(/^postgres(ql)?:\/\//)
  databaseUrl: string;

  @Env('DATABASE_POOL_MAX', 'most connections that this process opens to Postgres')
  @IsInt()
  @Min(1)
  databasePoolMax: number = 10;

  @Env('KAFKA_BROKERS', 'comma separated host:port list')
  @ArrayNotEmpty()
  kafkaBrokers: string[];

  @Env(
    'TOPIC_PREFIX',
    'put before every topic and consumer group, so that several installations share one broker',
  )
  topicPrefix: string = '';

  @Env('TOPIC_PARTITIONS', 'partitions of topics that are not there yet; unset: what the contract says', {
    optional: true,
  })
  @IsInt()
  @Min(1)
  @Max(1000)
  topicPartitions?: number;

  @Env(
    'EVENTS_GATHER_MS',
    'least time from one batch of events to the next, read or sent: what comes meanwhile goes together; 0: none',
  )
  @IsInt()
  @Min(0)
  @Max(5_000)
  eventsGatherMs: number = 20;

  @Env('PERIODIC', 'false leaves sweepers to other processes of this service')
  periodic: boolean = true;

  @Env('IDENTITY_PUBLIC_KEY', "base64 of the SPKI PEM that verifies the gateway's identity header")
  identityPublicKey: string;
}
