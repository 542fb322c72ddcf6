import { expect, it } from 'vitest';
import { appUrl, dashboardUrl, gitUrl } from './addresses.js';

const localhost = { domain: 'localhost', port: 5000, appsPort: 8080, appsTlsPort: 8443, sshPort: 2222 };

it('is plain HTTP on localhost only, where the session does not leave the machine', () => {
  expect(dashboardUrl(localhost)).toBe('http://dashboard.localhost:5000');
  expect(dashboardUrl({ ...localhost, domain: 'example.com' })).toBe('https://dashboard.example.com:5000');
});

it('names a port only where it is not the usual one', () => {
  const usual = { ...localhost, domain: 'example.com', port: 443, appsPort: 80 };
  expect([dashboardUrl(usual), gitUrl(usual, 'shop'), appUrl(usual, 'shop')]).toEqual([
    'https://dashboard.example.com',
    'https://example.com/shop.git',
    'http://shop.example.com/',
  ]);
});
