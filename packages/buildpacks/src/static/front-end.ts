import { isDevelopmentServer } from '../node/frameworks.js';
import { type Manifest, readManifest } from '../node/manifest.js';
import type { SourceView } from '../source-view.js';
import { angularFolder } from './angular-folder.js';

/** A front-end whose build leaves a folder of files: nothing of Node.js is needed to serve it. */
export interface FrontEnd {
  title: string;
  /** Where the build leaves the files, below the app's directory. */
  folder: string;
  /** Folders below that one in which the framework puts a hash of the content into the files' names. */
  hashed: readonly string[];
}

interface Rule {
  title: string;
  needs: readonly string[];
  /** Packages that make a server of it. */
  unless?: readonly string[];
  hashed?: readonly string[];
  /** undefined: it is no front-end after all. */
  folder: (view: SourceView, manifest: Manifest) => string | undefined;
}

/** Asked in this order. The folders are those of each framework's own manual. */
const rules: readonly Rule[] = [
  {
    title: 'Next.js',
    needs: ['next'],
    folder: ({ texts }) => (/\boutput\s*:\s*['"`]export['"`]/.test(config(texts, 'next')) ? 'out' : undefined),
  },
  { title: 'SvelteKit', needs: ['@sveltejs/kit', '@sveltejs/adapter-static'], folder: () => 'build' },
  {
    title: 'Astro',
    needs: ['astro'],
    unless: ['@astrojs/node', '@astrojs/vercel', '@astrojs/netlify', '@astrojs/cloudflare'],
    folder: ({ texts }) => outputDirectory(config(texts, 'astro'), 'dist'),
  },
  {
    title: 'Nuxt',
    needs: ['nuxt'],
    folder: (_view, { scripts }) => (/\bgenerate\b/.test(scripts.build ?? '') ? '.output/public' : undefined),
  },
  {
    title: 'React Router',
    needs: ['@react-router/dev'],
    hashed: ['assets'],
    folder: ({ texts }) => (/\bssr\s*:\s*false\b/.test(config(texts, 'react-router')) ? 'build/client' : undefined),
  },
  { title: 'Gatsby', needs: ['gatsby'], folder: () => 'public' },
  { title: 'Docusaurus', needs: ['@docusaurus/core'], hashed: ['assets'], folder: () => 'build' },
  { title: 'Angular', needs: ['@angular/core', '@angular/cli'], folder: ({ texts }) => angularFolder(texts) },
  { title: 'Create React App', needs: ['react-scripts'], folder: () => 'build' },
  { title: 'Vue CLI', needs: ['@vue/cli-service'], folder: () => 'dist' },
  { title: 'Eleventy', needs: ['@11ty/eleventy'], folder: () => '_site' },
  {
    title: 'Vite',
    needs: ['vite'],
    unless: [
      ...[
        '@remix-run/dev',
        '@tanstack/react-start',
        '@tanstack/solid-start',
        '@solidjs/start',
        '@sveltejs/kit',
        'vike',
      ],
      ...['@builder.io/qwik-city', 'laravel-vite-plugin', 'express', 'fastify', 'hono', 'koa', '@nestjs/core', 'h3'],
    ],
    hashed: ['assets'],
    folder: ({ texts }) => outputDirectory(config(texts, 'vite'), 'dist'),
  },
  { title: 'Parcel', needs: ['parcel'], folder: () => 'dist' },
];

/**
 * What an app without a server of its own is built with; undefined for everything that Node.js has to start. `view` is the
 * app's own directory. A Procfile with `web: berth-static <folder>` makes a front-end of anything that has a build script.
 */
export function findFrontEnd(view: SourceView): FrontEnd | undefined {
  if (view.texts['package.json'] === undefined) return undefined;
  const manifest = readManifest(view);
  if (!manifest.scripts.build && !manifest.scripts['heroku-postbuild']) return undefined;
  if (view.texts.Procfile !== undefined) {
    const web = /^\s*web\s*:\s*(.*)$/m.exec(view.texts.Procfile)?.[1] ?? '';
    const folder = /^berth-static\s+([^\s-]\S*)/.exec(web)?.[1]?.replace(/^\.\/|\/+$/g, '');
    return folder === undefined ? undefined : { title: 'Front-end', folder, hashed: [] };
  }
  return hasServer(view, manifest) ? undefined : byRules(view, manifest);
}

function byRules(view: SourceView, manifest: Manifest): FrontEnd | undefined {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const { title, needs, unless, hashed, folder } of rules) {
    if (!needs.every((name) => name in all) || unless?.some((name) => name in all)) continue;
    const found = folder(view, manifest);
    return found === undefined ? undefined : { title, folder: found, hashed: hashed ?? [] };
  }
  return undefined;
}

/** Something of the app's own starts it: a start script that is not for one's own desk, or server.js. */
function hasServer({ paths }: SourceView, { scripts }: Manifest): boolean {
  return scripts.start === undefined ? paths.includes('server.js') : !isForTheDesk(scripts.start);
}

/** A development server, or a look at the built files on one's own machine; one that is told $PORT is meant for us. */
function isForTheDesk(start: string): boolean {
  const isPreview =
    /^(npx )?(vite|astro) preview\b|^docusaurus start\b|^gatsby (develop|serve)\b|^(npx )?eleventy --serve\b/;
  return !start.includes('PORT') && (isDevelopmentServer(start) || isPreview.test(start.trim()));
}

/** The text of a configuration: `next.config.js`, `.mjs`, `.ts`… */
function config(texts: SourceView['texts'], name: string): string {
  const path = Object.keys(texts).find((one) => new RegExp(`^${name}\\.config\\.[cm]?[jt]s$`).test(one));
  return path === undefined ? '' : texts[path]!;
}

/** `outDir: 'public'` of Vite and Astro, when it is written plainly. */
function outputDirectory(text: string, usual: string): string {
  const found = /\boutDir\s*:\s*['"`]([^'"`$]+)['"`]/.exec(text)?.[1]?.replace(/^\.\/|\/+$/g, '');
  return found && !found.startsWith('/') && !found.split('/').includes('..') ? found : usual;
}
