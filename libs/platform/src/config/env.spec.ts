import { IsInt, Max } from 'class-validator';
import { ConfigError, Env, envNamesOf, loadConfig } from './env';

class Base {
  @Env('BROKERS', 'comma separated host:port list')
  brokers: string[];

  @Env('PORT', 'port to listen on')
  @IsInt()
  @Max(65535)
  port: number = 0;
}

class Config extends Base {
  @Env('SECRET', 'signs things', { secret: true })
  secret: string;

  @Env('FEATURE', 'switches it')
  feature: boolean = true;

  @Env('ENDPOINT', 'where to', { optional: true })
  endpoint?: string;
}

const GOOD = { BROKERS: 'a:1, b:2,', SECRET: 's' };

describe('typed configuration', () => {
  it('reads strings, numbers, switches and lists, and keeps defaults', () => {
    const config = loadConfig(Config, { ...GOOD, PORT: '8080', FEATURE: 'false' });
    expect(config).toBeInstanceOf(Config);
    expect(config).toEqual({ brokers: ['a:1', 'b:2'], port: 8080, secret: 's', feature: false });
    expect(loadConfig(Config, GOOD)).toMatchObject({ port: 0, feature: true });
  });

  it('lists everything that is missing or wrong at once, with what it is for', () => {
    const load = () => loadConfig(Config, { PORT: '70000', FEATURE: 'perhaps', SECRET: '  ' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/4 setting/);
    for (const fault of [
      /BROKERS is missing: comma/,
      /SECRET is missing: signs/,
      /FEATURE must be a boolean/,
      /PORT must not be/,
    ]) {
      expect(load).toThrow(fault);
    }
  });

  it('never shows a value', () => {
    expect(() => loadConfig(Config, { ...GOOD, PORT: 'hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('tells its names, inherited ones too', () => {
    expect(
      envNamesOf(Config).map(({ name, required, secret, fallback }) => [name, required, secret, fallback]),
    ).toEqual([
      ['BROKERS', true, false, undefined],
      ['PORT', false, false, '0'],
      ['SECRET', true, true, undefined],
      ['FEATURE', false, false, 'true'],
      ['ENDPOINT', false, false, undefined],
    ]);
  });

  it('does not leak a subclass’s names into its base', () => {
    expect(envNamesOf(Base).map(({ name }) => name)).toEqual(['BROKERS', 'PORT']);
  });
});
