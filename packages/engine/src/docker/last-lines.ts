import { parseAgentLine } from '@berth/domain/agent-line';
import { demux } from './demux.js';
import type { DockerHost } from './docker-host.js';
import { findInstance, type InstanceKey } from './instance-status.js';

/** The last lines an instance printed, stdout and stderr mixed; none when it is gone. */
export async function lastLines(host: DockerHost, key: InstanceKey, count: number): Promise<string[]> {
  const container = await findInstance(host, key);
  if (!container) return [];
  const printed = await container.logs({ stdout: true, stderr: true, tail: count });
  const texts: Buffer[] = [];
  for await (const { text } of demux(once(printed))) texts.push(text);
  const lines = Buffer.concat(texts).toString().split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-count).map(withAgentName);
}

/** Whoever reads why an instance ended sees which of its lines are an agent's. */
function withAgentName(line: string): string {
  const { agent, text } = parseAgentLine(line);
  return agent === undefined ? text : `[${agent}] ${text}`;
}

async function* once(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}
