import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlainFailure } from './plain-failure';

const run = promisify(execFile);
const MAJOR_MIN = 17;
const WAYS_OUT =
  'install Java 17 or newer (Debian and Ubuntu: `apt-get install openjdk-17-jre-headless`; macOS: `brew install openjdk@17`), ' +
  'or run everything in containers with `docker compose up`.';

/** The Java that runs Kafka: JAVA_HOME, else PATH. Refuses plainly when there is none or it is too old. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  let shown: string;
  try {
    shown = (await run(java, ['-version'], { env })).stderr;
  } catch {
    throw new PlainFailure(`Kafka runs on Java and no Java was found (${java}): ${WAYS_OUT}`);
  }
  const major = javaMajorOf(shown);
  if (major !== undefined && major < MAJOR_MIN) {
    throw new PlainFailure(
      `Kafka needs Java ${MAJOR_MIN} or newer and ${java} is version ${major}: ${WAYS_OUT}`,
    );
  }
  return java;
}

/** Reads `openjdk version "17.0.15"` and the old `java version "1.8.0_292"`; undefined when it is neither. */
export function javaMajorOf(shown: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(shown);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
