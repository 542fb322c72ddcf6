import { UserError } from '@berth/domain/errors';
import type { SourceView } from './source-view.js';

/** What `git archive` leaves out without a word is said here: submodules. */
export function checkSubmodules(view: SourceView): void {
  const modules = view.texts['.gitmodules'];
  const path = modules && /^\s*path\s*=\s*(.+)$/m.exec(modules)?.[1]?.trim();
  if (path)
    throw new UserError(
      'unsupported',
      `This repository has git submodules (${path}); their files are not in a push. Put them into the repository, or install them as packages.`,
    );
}

/** true when files of the source may be pointers of Git LFS: then look at the small ones with isLfsPointer. */
export function mayHaveLfsPointers(view: SourceView): boolean {
  return Object.entries(view.texts).some(
    ([path, text]) => path.endsWith('.gitattributes') && /\bfilter\s*=\s*lfs\b/.test(text),
  );
}

/** Size of a pointer, by Git LFS's specification. */
export const lfsPointerBytesMax = 1024;

export function isLfsPointer(content: string): boolean {
  return /^version https?:\/\/[^\n]*git-lfs[^\n]*\n/.test(content) && content.includes('\noid sha256:');
}

export function lfsError(path: string): UserError {
  return new UserError(
    'unsupported',
    `${path} is a Git LFS pointer; the file itself is not in a push. Put it into the repository without LFS, or load it when the app starts.`,
  );
}
