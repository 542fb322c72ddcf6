import { expect, test } from 'vitest';
import { fingerprintOf, renderConfig } from './render-config.js';
import { defaultTimeouts, type RouterSettings } from './router-settings.js';

const settings: RouterSettings = {
  dir: '/run/berth-router',
  bindAddress: '*',
  appsPort: 8080,
  appsTlsPort: 8443,
  platformPort: 5000,
  sshPort: 2222,
  execAddress: '127.80.19.136',
  internal: { address: '100.64.1.1', port: 80 },
  tetherPort: 7203,
  redisTether: { port: 7205, networks: '100.64.0.0/12' },
  detours: { address: '100.64.0.25', port: 7204 },
  domain: 'localhost',
  api: { address: '100.64.0.25', port: 8000 },
  dashboard: { address: '100.64.0.26', port: 3000 },
  gitHttp: { address: '100.64.0.21', port: 8000 },
  gitSsh: { address: '100.64.0.21', port: 2222 },
  registry: { address: '100.64.0.12', port: 5000 },
  wake: { address: '100.64.0.23', port: 7200 },
  run: { address: '100.64.0.23', port: 7201 },
  stock: { any: 2, strict: 1 },
  linkKey: 'a2V5',
  hasAppsCertificate: true,
  hasPlatformCertificate: true,
  timeouts: defaultTimeouts,
};

test('the whole configuration', () => {
  const live = new Map([['any2', [{ name: 'i1', address: '100.64.16.2', port: 8080 }]]]);
  expect(renderConfig(settings, 'f00d', live)).toMatchSnapshot();
});

test('without certificates the TLS ports stay closed', () => {
  const text = renderConfig({ ...settings, hasAppsCertificate: false, hasPlatformCertificate: false }, 'f00d');
  expect(text).not.toContain('ssl crt');
  expect(text).not.toContain('8443');
});

test('the dashboard of a domain is reached by TLS only, that of localhost as it is asked', () => {
  const toTls = 'http-request redirect scheme https code 308 if is_dashboard !is_tls';
  expect(renderConfig({ ...settings, domain: 'example.com' }, 'f00d')).toContain(toTls);
  expect(renderConfig(settings, 'f00d')).not.toContain(toTls);
});

test('the fingerprint follows everything that needs a reload, and no server', () => {
  const of = (changes: Partial<RouterSettings>, others = ['page']) =>
    fingerprintOf({ ...settings, ...changes }, others);
  expect(of({})).toBe(of({}));
  expect(of({ stock: { any: 4, strict: 1 } })).not.toBe(of({}));
  expect(of({}, ['other page'])).not.toBe(of({}));
});
