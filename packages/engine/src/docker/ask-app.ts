import type { AppQuestion } from '../app-question.js';
import { runOnHostNetwork } from './host-network-container.js';

/**
 * Asks an app through the router, whose plain port is on the host's network; with curl of the platform's image. Redirects
 * are not followed.
 */
export async function askApp(
  host: Parameters<typeof runOnHostNetwork>[0],
  { port, hostName, path, timeoutMs }: AppQuestion,
): Promise<number | undefined> {
  const argv = [
    ...['curl', '--silent', '--globoff', '--path-as-is', '--noproxy', '*', '--output', '/dev/null'],
    ...['--write-out', '%{http_code}\\n', '--max-time', String(timeoutMs / 1_000), '--header', `Host: ${hostName}`],
    `http://127.0.0.1:${port}${path}`,
  ];
  const said = await runOnHostNetwork(host, { argv }).catch(() => '');
  const status = Number(said.trim());
  return status > 0 ? status : undefined;
}
