/**
 * Something that the person at the keyboard can mend: a missing tool, a taken port. The commands print its
 * message as one plain sentence and exit 1, without a stack trace.
 */
export class PlainFailure extends Error {
  override readonly name = 'PlainFailure';
}

/** Runs a command's body; plain failures become one line on stderr, anything else keeps its stack trace. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.exitCode = 1;
    const text = error instanceof PlainFailure ? error.message : error instanceof Error ? error.stack : error;
    process.stderr.write(`${String(text)}\n`, () => process.exit(1));
  }
}
