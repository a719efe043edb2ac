import { Env, HttpConfig } from '@doorstep/platform';
import { IsInt, IsPositive, Matches, Max, Min } from 'class-validator';

const HTTP_URL = /^https?:\/\/[^/]+/;

/** Settings of the gateway. The two private keys have no default: `npm start` makes them, production brings its own. */
export class GatewayConfig extends HttpConfig {
  /** The most that any service takes; each has a limit of its own, 1 MiB unless it says otherwise. */
  override bodyBytesMax: number = 4 * 1024 * 1024;

  @Env('FACILITIES_URL', 'base address of the facilities service')
  @Matches(HTTP_URL)
  facilitiesUrl: string;

  @Env('OPERATORS_URL', 'base address of the operators service')
  @Matches(HTTP_URL)
  operatorsUrl: string;

  @Env('BOOKINGS_URL', 'base address of the bookings service')
  @Matches(HTTP_URL)
  bookingsUrl: string;

  @Env('BILLING_URL', 'base address of the billing service')
  @Matches(HTTP_URL)
  billingUrl: string;

  @Env('NOTIFICATIONS_URL', 'base address of the notifications service')
  @Matches(HTTP_URL)
  notificationsUrl: string;

  @Env(
    'IDENTITY_PRIVATE_KEY',
    'base64 of the PKCS #8 PEM (Ed25519) that signs who acts, towards the services',
    {
      secret: true,
    },
  )
  identityPrivateKey: string;

  @Env('ACCESS_TOKEN_PRIVATE_KEY', 'base64 of the PKCS #8 PEM (Ed25519) that signs access tokens', {
    secret: true,
  })
  accessTokenPrivateKey: string;

  @Env('ACCESS_TOKEN_SECONDS', 'life of an access token')
  @IsInt()
  @Min(30)
  @Max(900)
  accessTokenSeconds: number = 600;

  @Env(
    'OIDC_ISSUERS',
    'JSON list of {issuer, audience, algorithms, loginClaim, jwksUri?} whose tokens are accepted',
    {
      optional: true,
    },
  )
  oidcIssuers?: string;

  @Env(
    'CORS_ORIGINS',
    'comma separated origins of browsers that may call, e.g. https://console.example; none by default',
  )
  corsOrigins: string[] = [];

  @Env('RATE_LIMIT_CLIENT_PER_MINUTE', 'requests that one API client may send in a minute')
  @IsPositive()
  rateLimitClientPerMinute: number = 6000;

  @Env('RATE_LIMIT_PERSON_PER_MINUTE', 'requests that one person may send in a minute')
  @IsPositive()
  rateLimitPersonPerMinute: number = 600;

  @Env(
    'RATE_LIMIT_ADDRESS_PER_MINUTE',
    'requests without valid credentials that one address may send in a minute',
  )
  @IsPositive()
  rateLimitAddressPerMinute: number = 120;

  @Env(
    'RATE_LIMIT_LOGIN_PER_MINUTE',
    'logins that one address may try in a minute, and anybody for one login',
  )
  @IsPositive()
  rateLimitLoginPerMinute: number = 10;

  @Env('UPLOAD_BYTES_MAX', 'largest uploaded file')
  @IsPositive()
  uploadBytesMax: number = 2 * 1024 ** 3;

  @Env('UPSTREAM_SECONDS_MAX', 'longest wait for a service to begin its answer')
  @IsPositive()
  upstreamSecondsMax: number = 35;

  @Env('UPLOAD_SECONDS_MAX', "longest wait for a service's answer to an upload")
  @IsPositive()
  uploadSecondsMax: number = 1800;

  @Env('UPSTREAM_CONNECTIONS_MAX', 'most connections to one service')
  @IsPositive()
  upstreamConnectionsMax: number = 128;

  @Env('CREDENTIAL_CACHE_SECONDS', 'how long a verified credential is believed before it is looked up again')
  @IsPositive()
  @Max(60)
  credentialCacheSeconds: number = 5;

  @Env('IDEMPOTENCY_HOURS', 'how long answers are kept for a repeated Idempotency-Key')
  @IsPositive()
  idempotencyHours: number = 24;
}
