import { botMark } from './render-wake.js';
import type { RequestLine } from './request-line.js';

/** What the line's numbers mean for people; HAProxy does not know it. */
export interface LineContext {
  /** `web.1`; undefined when no instance was reached. */
  dyno: string | undefined;
  /** Whether the app has instances there, up or not: tells "crashed" from "none". */
  hasInstances: boolean;
}

/**
 * The router's line in an app's log, in Heroku's form (devcenter "HTTP routing" and "Heroku error codes"), so that what people
 * parse there is parsed here.
 */
export function routerLine(request: RequestLine, { dyno, hasInstances }: LineContext): string {
  const code = errorCode(request, hasInstances);
  const connect = Math.max(0, request.connect);
  const service = Math.max(0, request.total - Math.max(0, request.wait) - connect);
  return [
    code ? `at=error code=${code} desc="${descriptions[code]}"` : 'at=info',
    `method=${request.method}`,
    `path="${request.path.replaceAll('"', '%22')}"`,
    `host=${request.host}`,
    `request_id=${request.i}`,
    `fwd="${request.from}"`,
    `dyno=${dyno ?? ''}`,
    `connect=${connect}ms`,
    `service=${service}ms`,
    `status=${code === 'H27' ? 499 : request.status}`,
    `bytes=${request.bytes}`,
    `protocol=${request.frontend.endsWith('~') ? 'https' : 'http'}`,
  ].join(' ');
}

/** Heroku's codes and words. */
const descriptions = {
  H10: 'App crashed',
  H11: 'Backlog too deep',
  H12: 'Request timeout',
  H13: 'Connection closed without response',
  H14: 'No web processes running',
  H15: 'Idle connection',
  H17: 'Poorly formatted HTTP response',
  H18: 'Server Request Interrupted',
  H19: 'Backend connection timeout',
  H20: 'App boot timeout',
  H21: 'Backend connection refused',
  H27: 'Client Request Interrupted',
  H28: 'Client Connection Idle',
  H80: 'Maintenance mode',
} as const;

export type RouterErrorCode = keyof typeof descriptions;

/** Termination states were provoked one by one (docs/decisions/0004-haproxy.md). undefined: the request went well. */
function errorCode(request: RequestLine, hasInstances: boolean): RouterErrorCode | undefined {
  const { ending, status, server, reason } = request;
  if (reason === '~m') return 'H80';
  if (reason.startsWith('~w')) return 'H20';
  if (reason !== '' && reason !== botMark) return reason === '~e' ? 'H14' : undefined;
  if (status === 101) return undefined; // a tunnel ends when one side goes
  switch (ending.slice(0, 2)) {
    case 'SC':
      if (server === '<NOSRV>') return hasInstances ? 'H10' : 'H14';
      return 'H21';
    case 'sC':
      return 'H19';
    case 'sQ':
      return 'H11';
    case 'sH':
      return 'H12';
    case 'SH':
      return 'H13';
    case 'PH':
      return 'H17';
    case 'SD':
      return 'H18';
    case 'sD':
      return 'H15';
    case 'CH':
    case 'CQ':
    case 'CC':
      return 'H27';
    case 'cH':
    case 'cD':
      return 'H28';
    default:
      return undefined;
  }
}
