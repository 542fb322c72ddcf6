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

/** Variables for a shell to source. */
export const exportLines = (vars: Record<string, string>): string[] =>
  Object.entries(vars).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);

const urlName = (service: string) => `${service.toUpperCase().replaceAll('-', '_')}_URL`;
