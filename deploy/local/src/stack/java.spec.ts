import { findJava, javaMajorOf } from './java';
import { PlainFailure } from './plain-failure';

describe('javaMajorOf', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16', 25],
    ['java version "1.8.0_292"', 8],
    ['something else', undefined],
  ])('reads %s', (shown, major) => {
    expect(javaMajorOf(shown)).toBe(major);
  });
});

describe('findJava', () => {
  it('finds one on this machine', async () => {
    await expect(findJava()).resolves.toMatch(/java$/);
  });

  it('names both ways out, in one line, when there is none', async () => {
    const failure = await findJava({ JAVA_HOME: '/nowhere' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PlainFailure);
    const { message } = failure as Error;
    expect(message).toContain('install Java 17');
    expect(message).toContain('docker compose up');
    expect(message).not.toContain('\n');
  });
});
