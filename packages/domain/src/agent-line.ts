/**
 * How a line of an agent is told from the main process's in the one output of a container: by `RS <name> RS` before it,
 * which only the supervisor writes. A process that writes it too can only mislabel its own lines.
 */
const separator = '\u001E';
const marked = new RegExp(`^${separator}([A-Za-z][A-Za-z0-9_-]{0,29})${separator}`);

/** What the supervisor puts before each line of an agent. */
export const agentMark = (name: string): string => `${separator}${name}${separator}`;

/** The agent that a line is from, undefined for the main process's own, and the line without its mark. */
export function parseAgentLine(line: string): { agent: string | undefined; text: string } {
  const match = marked.exec(line);
  return match ? { agent: match[1], text: line.slice(match[0].length) } : { agent: undefined, text: line };
}
