import type { RouterSettings } from './router-settings.js';

/** Requests of the distribution API (docker pull and push). */
export const registryRules = ['  acl is_registry path_reg ^/v2(/|$)'];

/** A request with an API token in place of a registry token reads one document (Heroku's `container:release`): the API answers. */
export const registryBackends = [
  '  use_backend api if is_registry { req.hdr(authorization) -m beg -i "Basic " }',
  '  use_backend registry if is_registry',
];

/**
 * People name an image repository by its app; the registry stores it by ids. Which it is stands in the claim `berth` of their
 * token (apps/api/src/resources/registry-tokens.ts), so nothing here has to know the apps; the registry alone decides whether the
 * token is good and what it opens. Repositories are not mounted into each other, and the challenge names the host by which
 * the client came.
 */
export function renderRegistry({ registry, timeouts }: RouterSettings): string[] {
  const claim = (name: string) => `http_auth_bearer,jwt_payload_query('$.berth.${name}')`;
  // Quoted twice: once for a line of the configuration, once for an argument with parentheses.
  const part = (group: number) => `path,regsub('"^/v2/(.+?)/((manifests|blobs|tags)/.*)$"','"\\${group}"')`;
  return [
    'backend registry from platform-parts',
    `  timeout server ${timeouts.tunnel}ms`,
    '  http-request set-var-fmt(txn.origin) %[var(txn.scheme)]://%[req.fhdr(host)]',
    `  http-request set-var(txn.name) ${claim('name')}`,
    `  http-request set-var(txn.storage) ${claim('storage')}`,
    `  http-request set-var(txn.latest) ${claim('latest')}`,
    `  http-request set-var(txn.asked) ${part(1)}`,
    `  http-request set-var(txn.rest) ${part(2)}`,
    '  acl is_named var(txn.asked),strcmp(txn.name) eq 0',
    '  acl is_stored var(txn.storage) -m reg ^[a-z0-9/_-]+$', // the token may be anybody's until the registry has looked
    '  acl is_latest var(txn.latest) -m reg ^sha256:[0-9a-f]{64}$',
    '  http-request set-var-fmt(txn.rest) manifests/%[var(txn.latest)] if is_named is_latest { var(txn.rest) -m str manifests/latest }',
    '  http-request set-uri %[path] if { url_param(mount) -m found }',
    '  http-request set-path /v2/%[var(txn.storage)]/%[var(txn.rest)] if is_named is_stored',
    `  http-response replace-header www-authenticate '^(.*realm=")[^"]*(".*)$' '\\1%[var(txn.origin)]/registry/token\\2'`,
    `  server registry ${registry.address}:${registry.port}`,
  ];
}
