import type { SourceView } from '../source-view.js';

/** Pure: an app with a package.json at its root is a Node.js app. */
export function detectNode(view: SourceView): boolean {
  return view.paths.includes('package.json');
}
