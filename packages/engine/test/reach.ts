/** `open`: an answer came. `refused`: somebody said no. `closed`: nobody said anything. */
export type Verdict = 'open' | 'closed' | 'refused';

/** Whether an HTTP server answers at an address (IPv6 without brackets), by curl(1) that `run` starts somewhere. */
export async function reach(
  run: (...argv: string[]) => Promise<{ exitCode: number }>,
  target: string,
  port: number,
): Promise<Verdict> {
  const url = `http://${target.includes(':') ? `[${target}]` : target}:${port}/`;
  const limits = ['--connect-timeout', '1', '--max-time', '3'];
  const { exitCode } = await run('curl', '--silent', '--output', '/dev/null', '--noproxy', '*', '-g', ...limits, url);
  // curl(1): 7 = connection refused, 28 = timed out
  if (exitCode === 0) return 'open';
  return exitCode === 7 ? 'refused' : 'closed';
}
