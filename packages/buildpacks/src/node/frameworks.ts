import type { Manifest } from './manifest.js';

/** How the output of a framework is started, when the app itself does not say. */
export interface Framework {
  title: string;
  /** A shell line, run in the app's directory. */
  start: string;
  /** Variables of the image: most listen on localhost only unless told. */
  env: Readonly<Record<string, string>>;
  /** Directories below the app that the next build can use. */
  caches: readonly string[];
}

type Rule = Framework & { needs: readonly string[] };

const listening = { HOST: '0.0.0.0' };
const nitro = 'node .output/server/index.mjs';

/** Asked in this order: the first whose packages are all there. The start lines are those of each framework's own manual. */
const rules: readonly Rule[] = [
  { title: 'Next.js', needs: ['next'], start: 'next start --port $PORT', env: {}, caches: ['.next/cache'] },
  { title: 'Nuxt', needs: ['nuxt'], start: nitro, env: listening, caches: [] },
  { title: 'TanStack Start', needs: ['@tanstack/react-start'], start: nitro, env: listening, caches: [] },
  { title: 'TanStack Start', needs: ['@tanstack/solid-start'], start: nitro, env: listening, caches: [] },
  {
    title: 'React Router',
    needs: ['@react-router/serve'],
    start: 'react-router-serve ./build/server/index.js',
    env: listening,
    caches: [],
  },
  {
    title: 'Remix',
    needs: ['@remix-run/serve'],
    start: 'remix-serve ./build/server/index.js',
    env: listening,
    caches: [],
  },
  {
    title: 'SvelteKit',
    needs: ['@sveltejs/kit', '@sveltejs/adapter-node'],
    start: 'node build',
    env: listening,
    caches: [],
  },
  {
    title: 'Astro',
    needs: ['astro', '@astrojs/node'],
    start: 'node dist/server/entry.mjs',
    env: listening,
    caches: [],
  },
  { title: 'NestJS', needs: ['@nestjs/core'], start: 'node dist/main.js', env: {}, caches: [] },
];

/** The framework of an app by its dependencies, or undefined. */
export function findFramework({ dependencies, devDependencies }: Manifest): Framework | undefined {
  const all = { ...dependencies, ...devDependencies };
  return rules.find(({ needs }) => needs.every((name) => name in all));
}

/** true for the start scripts that project generators write for one's own desk: a server that compiles as it goes. */
export function isDevelopmentServer(script: string): boolean {
  return /^(npx )?(vite|vite dev|vite serve|astro dev|nuxt dev|nuxi dev|next dev|ng serve|react-scripts start|remix vite:dev|react-router dev|vue-cli-service serve|webpack(-dev-server| serve)|gatsby develop)( |$)/.test(
    script.trim(),
  );
}
