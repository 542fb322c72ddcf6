import { appendLines } from '@berth/logs/log-stream';
import { appendOutput, endOutput, resetOutput } from '@berth/logs/output';
import { redactor } from '@berth/logs/redact';
import { storeOutput } from '@berth/platform/builds/store-output';
import type { Builder } from './builder.js';

/** The output of one build: followed live by who pushed, part of the app's log, stored whole when it ends. */
export interface BuildOutput {
  /** A headline: `-----> text`. */
  title: (text: string) => void;
  /** A line below a headline. */
  say: (text: string) => void;
  /** A failure: ` !     text`. */
  fail: (text: string) => void;
  /** What a command printed: any piece of text, passed on in whole lines. */
  write: (text: string) => void;
  /** From now on these are secrets too. */
  hide: (secrets: readonly string[]) => void;
  /** Passes on everything and stores it. */
  end: () => Promise<void>;
}

/** The first line goes at once, what follows is gathered for this long, ms. */
const gatherMs = 50;
/** A line that never ends is passed on in pieces of this many characters. */
const lineMax = 16_384;
const indent = '       ';

export async function openBuildOutput(
  { platform, logger }: Pick<Builder, 'platform' | 'logger'>,
  of: { appId: string; buildId: string; secrets: readonly string[] },
): Promise<BuildOutput> {
  const { redis, instance } = platform;
  const output = { noun: 'build', id: of.buildId } as const;
  let redact = redactor(of.secrets);
  // Redis may be away for a moment: the stored text is complete all the same.
  const orLog = (work: Promise<void>) => work.catch((error) => logger.warn({ err: error }, 'build output'));
  let text = '';
  let rest = '';
  let gathered: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let passedOn: Promise<void> = orLog(resetOutput(redis, instance, output));

  const passOn = () => {
    timer = undefined;
    if (gathered.length === 0) return;
    const lines = gathered;
    gathered = [];
    const chunk = lines.map((line) => `${line}\n`).join('');
    const entries = lines.map((line) => ({ at: Date.now(), source: 'app', process: 'build', text: line }) as const);
    text += chunk;
    passedOn = passedOn.then(async () => {
      const chunkSent = orLog(appendOutput(redis, instance, output, chunk));
      await Promise.all([chunkSent, orLog(appendLines(redis, instance, of.appId, entries))]);
    });
    timer = setTimeout(passOn, gatherMs);
  };
  const add = (line: string) => {
    gathered.push(redact(line));
    if (!timer) passOn();
  };
  const finishLine = () => {
    if (rest) add(indent + rest);
    rest = '';
  };
  const write = (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    // A progress bar draws one line again and again: its last state counts.
    for (const line of lines) add(indent + line.replace(/\r+$/, '').replace(/^.*\r/, ''));
    if (rest.length > lineMax) finishLine();
  };
  const line = (prefix: string) => (sentence: string) => {
    finishLine();
    for (const one of sentence.split('\n')) add(prefix + one);
  };
  return {
    title: line('-----> '),
    say: line(indent),
    fail: line(' !     '),
    write,
    hide: (secrets) => {
      redact = redactor([...of.secrets, ...secrets]);
    },
    end: async () => {
      finishLine();
      clearTimeout(timer);
      passOn();
      clearTimeout(timer);
      timer = undefined;
      await passedOn;
      await storeOutput(platform, { buildId: of.buildId, text });
      await orLog(endOutput(redis, instance, output));
    },
  };
}
