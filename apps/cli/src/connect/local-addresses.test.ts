import { expect, test } from 'vitest';
import { exportLines, localVars } from './local-addresses.js';

test('a shell learns of the proxy and of each service', () => {
  const services = new Map([
    ['orders', 4001],
    ['mail-queue', 4002],
  ]);
  expect(exportLines({ ...localVars({ environment: 'red', proxyPort: 4000, services }), A: "it's" })).toEqual([
    "export BERTH_ENVIRONMENT='red'",
    "export HTTP_PROXY='http://127.0.0.1:4000'",
    "export http_proxy='http://127.0.0.1:4000'",
    "export NO_PROXY='localhost,127.0.0.1'",
    "export no_proxy='localhost,127.0.0.1'",
    "export ORDERS_URL='http://127.0.0.1:4001'",
    "export MAIL_QUEUE_URL='http://127.0.0.1:4002'",
    "export A='it'\\''s'",
  ]);
});
