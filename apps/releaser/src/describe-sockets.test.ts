import { describe, expect, it } from 'vitest';
import { describeSockets } from './describe-sockets.js';

const words = (...sockets: string[]) =>
  describeSockets(
    sockets.map((socket) => {
      const at = socket.lastIndexOf(':');
      return { address: socket.slice(0, at), port: Number(socket.slice(at + 1)) };
    }),
    8080,
  )?.words;

describe('describeSockets', () => {
  it('finds nothing wrong with an app that listens on its port on all addresses, whatever else it listens on', () => {
    expect(words('0.0.0.0:8080')).toBeUndefined();
    expect(words(':::8080', '127.0.0.1:9229', '127.0.0.1:8080')).toBeUndefined();
  });

  it('tells an app that only itself can reach', () => {
    expect(words('127.0.0.1:8080')).toBe('listens on 127.0.0.1 only: listen on 0.0.0.0 (port 8080)');
    expect(words('::1:8080')).toContain('listens on ::1 only: listen on 0.0.0.0');
  });

  it('tells an app that ignores PORT', () => {
    expect(words(':::3000')).toBe('ignores PORT: it listens on 3000 instead of $PORT (8080)');
    expect(words('0.0.0.0:3000', '127.0.0.1:5000', '127.0.0.1:9229')).toContain('it listens on 3000, 5000 instead');
  });

  it('tells an app that does not listen at all', () => {
    expect(words()).toBe('does not listen on $PORT (8080)');
    expect(words('127.0.0.11:40321')).toBe('does not listen on $PORT (8080)');
  });
});
