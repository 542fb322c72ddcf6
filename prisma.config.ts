import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Not `env('DATABASE_URL')`, which throws when it is unset: `prisma generate` needs no database.
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
