import { describe, expect, it } from 'vitest';
import { demux } from './demux.js';
import { sinceParameter } from './follow-logs.js';
import { parseListening } from './listening-sockets.js';
import { isFull } from './watch-free-space.js';

describe('what the kernel and the daemon write', () => {
  it('is split into the pieces of each stream, however it was cut', async () => {
    const piece = (stream: number, text: string) => {
      const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    const bytes = Buffer.concat([piece(1, 'out'), piece(2, 'error'), piece(1, ''), piece(1, 'end')]);
    for (const size of [1, 3, 8, 9, 100]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const pieces: string[] = [];
      const source = (async function* () {
        yield* chunks;
      })();
      for await (const { stream, text } of demux(source)) pieces.push(`${stream}:${text}`);
      expect(pieces).toEqual(['stdout:out', 'stderr:error', 'stdout:', 'stdout:end']);
    }
  });

  it('tells listening sockets, the embedded DNS apart', () => {
    const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
    const line = (address: string, state: string) =>
      `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 0 10001 0 1\n`;
    const text = [
      head,
      line('0100007F:0BB8', '0A'),
      line('00000000:1F90', '0A'),
      line('0B00007F:9C40', '0A'),
      line('0200A8C0:1F90', '01'),
      head,
      line('00000000000000000000000000000000:1F91', '0A'),
      line('00000000000000000000000001000000:1F92', '0A'),
      line('0000000000000000FFFF00000100007F:1F93', '0A'),
    ].join('');
    expect(parseListening(text)).toEqual([
      { address: '127.0.0.1', port: 3000 },
      { address: '0.0.0.0', port: 8080 },
      { address: '::', port: 8081 },
      { address: '::1', port: 8082 },
      { address: '127.0.0.1', port: 8083 },
    ]);
  });

  it('gives a time stamp to resume from, to the nanosecond', () => {
    expect(sinceParameter('2026-11-21T13:18:24.596565681Z')).toBe('1795267104.596565681');
    expect(sinceParameter('2026-11-21T13:18:24.5Z')).toBe('1795267104.500000000');
    expect(sinceParameter('2026-11-21T13:18:24Z')).toBe('1795267104.000000000');
  });

  it('tells a full disk by bytes or by inodes', () => {
    expect(isFull('1000 4096 10\n')).toBe(false);
    expect(isFull('1000 4096 10\n100 4096 10\n')).toBe(true);
    expect(isFull('100000 4096 0\n')).toBe(true);
  });
});
