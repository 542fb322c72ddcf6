import { describe, expect, it } from 'vitest';
import { overlayFile, patchNetHttp } from './patch-net-http.js';

const files: Record<string, string> = {
  'src/net/http/server.go':
    'package http\nfunc (sh serverHandler) ServeHTTP(rw ResponseWriter, req *Request) {\n\thandler := sh.srv.Handler\n}\n',
  'src/net/http/roundtrip.go':
    'package http\nfunc (t *Transport) RoundTrip(req *Request) (*Response, error) {\n\treturn t.roundTrip(req)\n}\n',
};

describe('patchNetHttp', () => {
  it('adds to the two functions that every request passes', async () => {
    const patched = await patchNetHttp((path) => files[path]);
    expect(patched?.get('src/net/http/server.go')).toContain('{\n\tif work := berthIn(req); work != nil {\n');
    expect(patched?.get('src/net/http/roundtrip.go')).toContain(
      '{\n\treq = berthOut(req)\n\treturn t.roundTrip(req)\n',
    );
    expect([...patched!.keys()]).toContain('src/net/http/berth_mark.go');
  });

  it.each([
    ['has no such file', undefined],
    ['has another function', 'package http\nfunc (t *Transport) RoundTrip(r *Request) (*Response, error) {\n'],
    ['has it twice', files['src/net/http/roundtrip.go']!.repeat(2)],
  ])('leaves a toolchain alone that %s', async (_, text) => {
    const changed = { ...files, 'src/net/http/roundtrip.go': text };
    expect(await patchNetHttp((path) => changed[path as keyof typeof changed])).toBeUndefined();
  });
});

describe('overlayFile', () => {
  it('says for each path where it is read', () => {
    expect(JSON.parse(overlayFile(['src/a.go'], { root: '/go', overlay: '/over' }))).toEqual({
      Replace: { '/go/src/a.go': '/over/src/a.go' },
    });
  });
});
