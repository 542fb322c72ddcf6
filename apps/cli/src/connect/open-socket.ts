import { WebSocket } from 'ws';
import { readConfig } from '../config.js';

/** Berth's own sentence about why it will not have this WebSocket: trying again is of no use. */
export class Refused extends Error {}

/**
 * Opens a WebSocket of the API and begins with it at once: its first message may come together with its opening. Throws
 * {@link Refused}, or any other error when Berth cannot be reached.
 */
export function openSocket<T>(path: string, begin: (socket: WebSocket) => T | Promise<T>): Promise<T> {
  const { apiUrl, token } = readConfig();
  const url = new URL(path, apiUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, handshakeTimeout: 10_000 });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(begin(socket))).on('error', reject);
    socket.once('unexpected-response', (_request, answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        const { statusCode = 0 } = answer;
        reject(new (statusCode < 500 ? Refused : Error)(sentenceOf(text) ?? `Berth answered ${statusCode}.`));
      });
    });
  });
}

function sentenceOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
