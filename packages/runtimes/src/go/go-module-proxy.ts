import type { Sources } from '../sources.js';
import { defaultGoProxy } from './default-proxy.js';
import type { GoProxy } from './go-proxy.js';

/** The first proxy of a list in the syntax of GOPROXY (`https://a,https://b|direct`), or undefined: `direct`, `off`, nothing. */
export function firstProxy(goProxy: string | undefined): GoProxy | undefined {
  const found = (goProxy ?? '').split(/[,|]/).find((one) => /^https?:\/\//.test(one.trim()));
  return found === undefined ? undefined : { url: found.trim().replace(/\/+$/, '') };
}

let fallback: Promise<string> | undefined;

/** Where toolchains and our own Go programs come from: the host's setting (BERTH_GO_PROXY), else Go's own default. */
export async function goProxyOf(sources: Pick<Sources, 'goProxy' | 'apt' | 'cacheDir'>): Promise<GoProxy> {
  const chosen = firstProxy(sources.goProxy);
  if (chosen) return chosen;
  fallback ??= defaultGoProxy(sources);
  fallback.catch(() => {
    fallback = undefined;
  });
  const proxy = firstProxy(await fallback);
  if (!proxy) throw new Error('Go has no module proxy by default; set BERTH_GO_PROXY');
  return proxy;
}
