import { localhost } from './local-proxy.js';

/** Where this machine reaches an environment. */
export interface LocalAddresses {
  environment: string;
  proxyPort: number;
  /** Service → port. */
  services: ReadonlyMap<string, number>;
}

/** What a program of this machine needs to know to reach the environment. */
export function localVars({ environment, proxyPort, services }: LocalAddresses): Record<string, string> {
  const proxy = `http://${localhost}:${proxyPort}`;
  const urls = [...services].map(([name, port]) => [urlName(name), `http://${localhost}:${port}`]);
  return {
    BERTH_ENVIRONMENT: environment,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: `localhost,${localhost}`,
    no_proxy: `localhost,${localhost}`,
    ...Object.fromEntries(urls),
  };
}

/** The same, for a shell to source. No value has a quote in it. */
export const exportLines = (addresses: LocalAddresses): string[] =>
  Object.entries(localVars(addresses)).map(([name, value]) => `export ${name}='${value}'`);

const urlName = (service: string) => `${service.toUpperCase().replaceAll('-', '_')}_URL`;
