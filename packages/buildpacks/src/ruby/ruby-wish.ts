import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { SourceView } from '../source-view.js';

/**
 * The version of Ruby that an app asks for. What the Gemfile says is meant to the patch: Bundler refuses any other one. A
 * .ruby-version alone is what people have on their desks: any patch of it does.
 */
export function rubyWish({ texts }: SourceView, settings: BerthYaml) {
  const gemfile = gemfileVersion(texts);
  const onDesk = texts['.ruby-version'] ?? /^ruby\s+(\S+)/m.exec(texts['.tool-versions'] ?? '')?.[1];
  const wishes: [string, string | undefined][] = [
    ['berth.yaml', settings.runtime?.version],
    ['Gemfile', gemfile],
    [texts['.ruby-version'] === undefined ? '.tool-versions' : '.ruby-version', onDesk && withoutPatch(onDesk)],
  ];
  const found = wishes.find(([, wish]) => wish !== undefined && wish !== '');
  return { wish: found?.[1], wishFrom: found?.[0] };
}

/** `ruby "3.3.5"`, `ruby "~> 3.3", ">= 3.3.2"`, `ruby file: ".ruby-version"`. */
function gemfileVersion(texts: SourceView['texts']): string | undefined {
  const line = /^\s*ruby[\s(]+(.+)$/m.exec(texts.Gemfile ?? '')?.[1];
  if (line === undefined) return undefined;
  const file = /\bfile:\s*["']([^"']+)["']|File\.read\(\s*["']([^"']+)["']/.exec(line);
  if (file) {
    const text = texts[(file[1] ?? file[2])!.replace(/^\.\//, '')] ?? '';
    return (/^ruby\s+(\S+)/m.exec(text)?.[1] ?? text.split('\n')[0]?.trim()) || undefined;
  }
  const beforeOptions = line.replace(/,\s*\w+:.*$/, '');
  const versions = [...beforeOptions.matchAll(/["']([^"']+)["']/g)].map((match) => match[1]!);
  return versions.length === 0 ? undefined : versions.join(', ');
}

const withoutPatch = (text: string) =>
  text
    .split('\n')[0]!
    .trim()
    .replace(/^(ruby-)?(\d+\.\d+)\.\d+(-?p\d+)?$/, '$2');
