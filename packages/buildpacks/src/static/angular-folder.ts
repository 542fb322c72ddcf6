import { z } from 'zod';
import type { SourceView } from '../source-view.js';

const outputPath = z.union([z.string(), z.object({ base: z.string(), browser: z.string().optional() })]);
const workspace = z.object({
  defaultProject: z.string().optional(),
  projects: z.record(
    z.string(),
    z.object({
      projectType: z.string().optional(),
      architect: z.object({
        build: z.object({
          builder: z.string(),
          options: z.object({
            outputPath: outputPath.optional(),
            ssr: z.unknown().optional(),
            server: z.unknown().optional(),
          }),
        }),
      }),
    }),
  ),
});

/** Where Angular leaves the files that browsers get, by angular.json; undefined when it also makes a server. */
export function angularFolder(texts: SourceView['texts']): string | undefined {
  const parsed = workspace.safeParse(parseJson(texts['angular.json'] ?? ''));
  if (!parsed.success) return undefined;
  const { projects, defaultProject } = parsed.data;
  const names = Object.keys(projects).filter((one) => (projects[one]!.projectType ?? 'application') === 'application');
  const name = defaultProject !== undefined && defaultProject in projects ? defaultProject : names[0];
  if (name === undefined) return undefined;
  const { builder, options } = projects[name]!.architect.build;
  if (options.ssr || options.server) return undefined;
  const wanted = options.outputPath ?? `dist/${name}`;
  const base = (typeof wanted === 'string' ? wanted : wanted.base).replace(/^\.\/|\/+$/g, '');
  if (!builder.endsWith(':application')) return base;
  const browser = typeof wanted === 'string' ? 'browser' : (wanted.browser ?? 'browser');
  return browser === '' ? base : `${base}/${browser}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
