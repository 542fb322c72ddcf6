import { UserError } from './errors.js';

/** What `${{ orders.DATABASE_URL }}` names: a var of another service (or `self`), or `environment.name`. */
export interface ConfigReference {
  /** A service's name, `self` or `environment`. */
  scope: string;
  name: string;
}

/** `${{ … }}`, and `$${{ … }}`, which stands for the text itself. */
const placeholder = /(\$?)\$\{\{([^{}]*)\}\}/g;
const inside = /^\s*([a-z][a-z0-9-]*)\.([A-Za-z_][A-Za-z0-9_]*)\s*$/;

/** Whether a value that somebody sets is to be read for references. */
export const hasReferences = (text: string): boolean => text.search(placeholder) >= 0;

/** Fills the references of a value; throws the UserError of one that is none. `key` is the var's, for people. */
export function fillReferences(key: string, text: string, fill: (reference: ConfigReference) => string): string {
  return text.replace(placeholder, (whole, escaped: string, content: string) =>
    escaped ? whole.slice(1) : fill(parseReference(key, content)),
  );
}

/** The references of a value, in their order. */
export function listReferences(key: string, text: string): ConfigReference[] {
  return [...text.matchAll(placeholder)]
    .filter(([, escaped]) => !escaped)
    .map(([, , content = '']) => parseReference(key, content));
}

function parseReference(key: string, content: string): ConfigReference {
  const [, scope, name] = inside.exec(content) ?? [];
  const isKnown = scope !== undefined && name !== undefined && (scope !== 'environment' || name === 'name');
  if (isKnown) return { scope, name };
  throw new UserError(
    'invalid_params',
    `Config var ${key}: \${{${content}}} is no reference; write \${{ service.VAR }}, \${{ self.URL }} or \${{ environment.name }}, and $\${{ for the text itself.`,
  );
}
