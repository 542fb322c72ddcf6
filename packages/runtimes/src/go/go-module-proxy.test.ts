import { describe, expect, it } from 'vitest';
import { firstProxy } from './go-module-proxy.js';

describe('the first proxy of GOPROXY', () => {
  it.each([
    ['https://a.example,direct', 'https://a.example'],
    ['direct|https://a.example/go/', 'https://a.example/go'],
    ['http://a:3000, https://b.example', 'http://a:3000'],
    ['direct', undefined],
    ['off', undefined],
    [undefined, undefined],
  ])('%s', (text, url) => {
    expect(firstProxy(text)?.url).toBe(url);
  });
});
