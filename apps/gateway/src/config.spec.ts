import { envNamesOf, loadConfig } from '@doorstep/platform';
import { AppModule } from './app.module';
import { GatewayConfig } from './config';

const GOOD = {
  REDIS_URL: 'redis://localhost:6379',
  FACILITIES_URL: 'http://f',
  OPERATORS_URL: 'http://o',
  BOOKINGS_URL: 'http://b',
  BILLING_URL: 'http://c',
  NOTIFICATIONS_URL: 'http://n',
  IDENTITY_PRIVATE_KEY: 'x',
  ACCESS_TOKEN_PRIVATE_KEY: 'x',
};

describe('the gateway’s settings', () => {
  it('have no secret by default, and say all that is missing at once', () => {
    const required = envNamesOf(GatewayConfig).filter(({ required }) => required);
    expect(required.map(({ name }) => name).sort()).toEqual(Object.keys(GOOD).sort());
    expect(() => loadConfig(GatewayConfig, {})).toThrow(new RegExp(`${required.length} setting`));
  });

  it('refuse keys that are not Ed25519', () => {
    const config = loadConfig(GatewayConfig, GOOD);
    expect(() => AppModule.with(config)).toThrow(/IDENTITY_PRIVATE_KEY[\s\S]*ACCESS_TOKEN_PRIVATE_KEY/);
  });

  it('refuse what makes no sense', () => {
    const env = {
      ...GOOD,
      ACCESS_TOKEN_SECONDS: '86400',
      RATE_LIMIT_CLIENT_PER_MINUTE: '-1',
      BODY_BYTES_MAX: 'many',
    };
    expect(() => loadConfig(GatewayConfig, env)).toThrow(
      /BODY_BYTES_MAX[\s\S]*ACCESS_TOKEN_SECONDS[\s\S]*RATE_LIMIT_CLIENT_PER_MINUTE/,
    );
  });
});
