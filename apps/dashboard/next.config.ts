import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const root = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  turbopack: { root },
  outputFileTracingRoot: root,
  // Types are checked by `npm run types`, with the compiler of the whole tree.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@prisma/client',
    '@prisma/adapter-pg',
    'pg',
    'bullmq',
    'ioredis',
    'pino',
    'better-auth',
    'ssh2',
  ],
  poweredByHeader: false,
  headers: async () => [{ source: '/:path*', headers: pageHeaders }],
};

/**
 * Apps answer on sibling hosts, so for a browser they are the same site as the dashboard and its cookie goes along: no page
 * of ours may stand in a frame of theirs (clickjacking), and none tells them its address (an invitation's is a secret).
 */
const pageHeaders = [
  {
    key: 'Content-Security-Policy',
    value: "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
  },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
];

export default config;
