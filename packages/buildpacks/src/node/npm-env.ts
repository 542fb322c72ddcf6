import type { Sources } from '@berth/runtimes/sources';
import type { SourceView } from '../source-view.js';

/** Points npm, pnpm and yarn at our npm registry, unless the app itself names one: a variable would win over that. */
export function npmEnv({ npm }: Sources, { texts }: SourceView): Record<string, string> {
  const settings = ['.npmrc', '.yarnrc', '.yarnrc.yml'].map((path) => texts[path] ?? '').join('\n');
  if (/^\s*(registry\s*[= ]|npmRegistryServer\s*:)/m.test(settings)) return {};
  return {
    npm_config_registry: npm,
    YARN_REGISTRY: npm,
    YARN_NPM_REGISTRY_SERVER: npm.replace(/\/$/, ''),
  };
}
