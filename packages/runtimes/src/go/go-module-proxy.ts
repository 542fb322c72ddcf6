import type { Sources } from '../sources.js';
import type { GoProxy } from './go-proxy.js';

/** The first proxy of a list in the syntax of GOPROXY (`https://a,https://b|direct`), or undefined: `direct`, `off`, nothing. */
export function firstProxy(goProxy: string | undefined): GoProxy | undefined {
  const found = (goProxy ?? '').split(/[,|]/).find((one) => /^https?:\/\//.test(one.trim()));
  return found === undefined ? undefined : { url: found.trim().replace(/\/+$/, '') };
}

/** Where toolchains and our own Go programs come from. */
export function goProxyOf({ goProxy }: Pick<Sources, 'goProxy'>): GoProxy {
  const proxy = firstProxy(goProxy);
  if (!proxy)
    throw new Error('BERTH_GO_PROXY names no Go module proxy: npm start fills it from the go settings of the host');
  return proxy;
}
