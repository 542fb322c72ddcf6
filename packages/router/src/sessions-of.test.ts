import { expect, test } from 'vitest';
import { sessionsOf } from './sessions-of.js';

test('sessions are told by their server', () => {
  const answer = `0x7f0a1c02f0a0: proto=tcpv4 src=127.0.0.1:50992 fe=edge be=any1 srv=i1 ts=00 epoch=0 age=2m calls=2 rate=0 cpu=0 lat=0 rq[f=8000h,i=0,an=00h,ax=]
0x7f0a1c02f0b0: proto=tcpv4 src=127.0.0.1:50993 fe=edge be=any1 srv=i2 ts=00 epoch=0 age=1s calls=2
0x7f0a1c02f0c0: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=0s calls=1`;
  expect(sessionsOf(answer, new Set(['i1', 'i3']))).toEqual(['0x7f0a1c02f0a0']);
  expect(sessionsOf('', new Set(['i1']))).toEqual([]);
});
