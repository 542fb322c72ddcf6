import { appendLines } from '@berth/logs/log-stream';
import { appendOutput, endOutput, resetOutput } from '@berth/logs/output';
import { redactor } from '@berth/logs/redact';
import { storeOutput } from '@berth/platform/builds/store-output';
import type { Releaser } from './releaser.js';

/** Prints whole lines for who follows. */
export type Say = (lines: readonly string[]) => void;

/** The output of one release: followed live by who pushed, part of the app's log, stored whole when it ends. */
export interface ReleaseOutput {
  /** Any piece of text; it is passed on in whole lines, without secrets. */
  write: (text: string) => void;
  say: Say;
  /** Everything was passed on; stores it. */
  end: () => Promise<void>;
}

/** A line that never ends is passed on in pieces of this many characters. */
const lineMax = 16_384;

/** `kept`: what an earlier try that finished the release phase has stored already. */
export async function openReleaseOutput(
  { platform, logger }: Pick<Releaser, 'platform' | 'logger'>,
  of: { appId: string; releaseId: string; secrets: readonly string[]; kept?: string | undefined },
): Promise<ReleaseOutput> {
  const { redis, instance } = platform;
  const output = { noun: 'release', id: of.releaseId } as const;
  const redact = redactor(of.secrets);
  let text = of.kept ?? '';
  let rest = '';
  // Redis may be away for a moment: the stored text is complete all the same.
  const orLog = (work: Promise<void>) => work.catch((error) => logger.warn({ err: error }, 'release output'));
  let passedOn = of.kept === undefined ? orLog(resetOutput(redis, instance, output)) : Promise.resolve();

  const passOn = (lines: string[]) => {
    const chunk = lines.map((line) => `${line}\n`).join('');
    const at = Date.now();
    text += chunk;
    passedOn = passedOn
      .then(() => orLog(appendOutput(redis, instance, output, chunk)))
      .then(() =>
        orLog(
          appendLines(
            redis,
            instance,
            of.appId,
            lines.map((line) => ({ at, source: 'app', process: 'release', text: line })),
          ),
        ),
      );
  };
  const write = (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineMax) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) passOn(lines.map((line) => redact(line.replace(/\r$/, ''))));
  };
  return {
    write,
    say: (lines) => write(lines.map((line) => `${line}\n`).join('')),
    end: async () => {
      if (rest) write('\n');
      await passedOn;
      await storeOutput(platform, { releaseId: of.releaseId, text });
      await orLog(endOutput(redis, instance, output));
    },
  };
}
