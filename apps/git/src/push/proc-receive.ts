import type { Readable, Writable } from 'node:stream';
import { flush, type Packet, packet, readPackets } from '../wire/pkt-line.js';

/** One ref that a push wants to move; a new sha of zeros deletes it, an old sha of zeros makes it. */
export interface RefCommand {
  oldSha: string;
  newSha: string;
  ref: string;
}

/** What the pusher is told about one ref. */
export type RefAnswer = { ref: string; isOk: true } | { ref: string; isOk: false; sentence: string };

/**
 * The hook's side of git's proc-receive protocol, version 1 (githooks(5)): agree on the version, read the commands, let
 * `answer` decide, report. Returns without a report when git went away before it had sent its commands.
 */
export async function converse(
  channel: { input: Readable; output: Writable },
  answer: (commands: RefCommand[]) => Promise<RefAnswer[]>,
): Promise<void> {
  const packets = readPackets(channel.input);
  const greeting = await section(packets);
  if (!greeting) return;
  if (!/^version=1\b/.test(greeting[0] ?? '')) throw new Error(`proc-receive: git says ${greeting[0]}`);
  channel.output.write(Buffer.concat([packet('version=1\n'), flush]));
  const commands = (await section(packets))?.map(parseCommand);
  if (!commands) return;
  const answers = await answer(commands);
  channel.output.end(Buffer.concat([...answers.map(report), flush]));
}

/** The lines up to the next flush packet; undefined when the stream ended before. */
async function section(packets: AsyncGenerator<Packet, void>): Promise<string[] | undefined> {
  const lines: string[] = [];
  for (;;) {
    const { value, done } = await packets.next();
    if (done || value === undefined) return undefined;
    if (value === 'flush') return lines;
    lines.push(value.toString('utf8').replace(/\n$/, ''));
  }
}

function parseCommand(line: string): RefCommand {
  const [, oldSha, newSha, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (refs\/.+)$/.exec(line) ?? [];
  if (!oldSha || !newSha || !ref) throw new Error(`proc-receive: not a command: ${line}`);
  return { oldSha, newSha, ref };
}

function report(answer: RefAnswer): Buffer {
  if (answer.isOk) return packet(`ok ${answer.ref}\n`);
  return packet(`ng ${answer.ref} ${answer.sentence.replace(/\s+/g, ' ').trim().slice(0, 1000)}\n`);
}
