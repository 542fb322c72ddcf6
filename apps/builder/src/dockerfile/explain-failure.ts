import { mirrorExamples } from '@berth/runtimes/mirror/mirror-names';
import type { BaseImages } from './ensure-base-images.js';

const shownMax = 160;

/**
 * One sentence for a build by Dockerfile that failed, from the last of what buildctl printed: the place, and its error as
 * the last line. Nothing but the sentence depends on it.
 */
export function explainFailure(tail: string, path: string, { unknown }: Pick<BaseImages, 'unknown'>): string {
  const [output = '', error = 'the build failed'] = splitAtError(tail.replaceAll('\r', ''));
  const missing = unknown.find(({ image }) => error.startsWith(`${image}: failed to resolve`));
  if (missing) {
    const reason = missing.reason ?? `There is no image ${missing.image} here.`;
    return `${path} line ${missing.line}: ${reason} Images that there are: ${mirrorExamples.join(', ')}.`;
  }
  const place = [...output.matchAll(/^[^\s:]+:(\d+)\n-{10,}$/gm)].at(-1)?.[1] ?? /on line (\d+)/.exec(error)?.[1];
  return `${place === undefined ? path : `${path} line ${place}`}: ${inPlainWords(error)}.`;
}

function splitAtError(text: string): string[] {
  const at = text.lastIndexOf('\nerror: ');
  const error = at < 0 ? undefined : text.slice(at + '\nerror: '.length).split('\n')[0];
  return error === undefined ? [text] : [text.slice(0, at + 1), error.replace(/^failed to solve: /, '')];
}

function inPlainWords(error: string): string {
  const run = /^process "(.*)" did not complete successfully: exit code: (\d+)/.exec(error);
  if (run) return `"${shorten(commandOf(run[1]!))}" ended with exit code ${run[2]}`;
  const absent = /failed to calculate checksum of ref .*: "(.+)": not found$/.exec(error)?.[1];
  if (absent) return `${absent} is not there (what .dockerignore names is left out)`;
  return shorten(error.replace(/^dockerfile parse error on line \d+: /, ''));
}

/** `/bin/sh -c npm run build` → `npm run build`; BuildKit writes it as a quoted Go string. */
const commandOf = (quoted: string) =>
  quoted
    .replace(/\\(.)/g, '$1')
    .replace(/^\/bin\/sh -c /, '')
    .trim();

const shorten = (text: string) => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text);
