import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export interface Bar {
  add(count: number): void;
  done(): void;
}

/** Progress bars on a terminal; one line per finished step anywhere else. */
export class Progress {
  constructor(private readonly options: { silent?: boolean } = {}) {}

  private readonly bars =
    process.stdout.isTTY === true
      ? new MultiBar(
          {
            format: '  {label} {bar} {value}/{total}  {duration_formatted}',
            hideCursor: true,
            clearOnComplete: false,
          },
          Presets.shades_classic,
        )
      : undefined;

  bar(label: string, total: number): Bar {
    const started = Date.now();
    const shown: SingleBar | undefined = this.bars?.create(total, 0, { label: label.padEnd(22) });
    let count = 0;
    return {
      add: (n) => {
        count += n;
        shown?.update(count);
      },
      done: () => {
        shown?.update(count);
        shown?.stop();
        if (!shown && !this.options.silent)
          say(`  ${label.padEnd(22)} ${count} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      },
    };
  }

  stop(): void {
    this.bars?.stop();
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
