/**
 * HAProxy's last check in words: `GET / answered 500`. `lastCheck` is check_status and check_code of its statistics,
 * "L7STS/500", "L4CON", "L7TOUT" (HAProxy 3.0, management.txt section 9.1, field 36 check_status).
 */
export function describeCheck(lastCheck: string | null, health: { path: string; strict: boolean }): string {
  const [status = '', code] = (lastCheck ?? '').replace(/^\*\s*/, '').split(/[/\s]/);
  const get = `GET ${health.path}`;
  if (code && /^[1-5]\d\d$/.test(code)) {
    if (health.strict) return `${get} answered ${code}, and the health check wants 2xx`;
    return `${get} answered ${code}`;
  }
  if (status === 'L4CON') return 'it did not accept connections';
  if (status === 'L4TOUT') return 'it did not accept connections in time';
  if (status === 'L7TOUT') return `${get} did not answer in time`;
  if (status === 'L7RSP') return `${get} was not answered with HTTP`;
  return `${get} was not answered`;
}
