import type { DebianLayer } from './ensure-debian-layer.js';

/** The version of the software in one package of a layer, as its makers count: `php8.4-cli=8.4.28-1~deb13u1` → `8.4.28`. */
export function upstreamVersion({ packages }: Pick<DebianLayer, 'packages'>, name: string): string {
  const [, version] = packages.find((one) => one.startsWith(`${name}=`))?.split('=') ?? [];
  const upstream = /^(?:\d+:)?(\d+\.\d+\.\d+)/.exec(version ?? '')?.[1];
  if (!upstream) throw new Error(`there is no ${name} among ${packages.join(', ')}`);
  return upstream;
}
