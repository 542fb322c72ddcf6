import { UserError } from './errors.js';

/** Host labels that are ours and never an app's (DESIGN section 2). */
const reserved = new Set(['api', 'git', 'dashboard', 'registry', 'router', 'www', 'localhost', 'internal']);

/**
 * An app's name is its host label: 3 to 30 characters of a-z, 0-9 and single dashes, starting with a letter
 * (Heroku's rule, Platform API schema `app.name`), without `--`, which separates a service from its project environment.
 */
export function parseAppName(name: string): string {
  if (!/^[a-z][a-z0-9-]{1,28}[a-z0-9]$/.test(name))
    throw new UserError(
      'invalid_params',
      'Name must start with a letter, end with a letter or a digit, be 3 to 30 characters long and can only contain lowercase letters, digits and dashes.',
    );
  if (name.includes('--')) throw new UserError('invalid_params', 'Name must not contain two dashes in a row.');
  if (reserved.has(name)) throw new UserError('invalid_params', `Name ${name} is reserved.`);
  return name;
}

/** Team and environment names: 2 to 30 characters of a-z, 0-9 and single dashes. */
export function parseLabel(noun: string, name: string): string {
  if (!/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/.test(name) || name.includes('--'))
    throw new UserError(
      'invalid_params',
      `The ${noun}'s name has 2 to 30 lowercase letters, digits and single dashes.`,
    );
  return name;
}

/** Name of a stable environment. `project` is what berth.yaml calls all project environments. */
export function parseStageName(name: string): string {
  if (name === 'project') throw new UserError('invalid_params', 'A stable environment cannot be called project.');
  return parseLabel('environment', name);
}

/** Config var keys as a shell would take them (Heroku allows the same). */
export function parseConfigKey(key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) || key.length > 256)
    throw new UserError(
      'invalid_params',
      `Config var ${JSON.stringify(key)} must be letters, digits and underscores, and not start with a digit.`,
    );
  return key;
}

/** A branch's short name: a safe part of what git-check-ref-format(1) allows. */
export function parseBranch(branch: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/.test(branch) || /\.\.|\/\/|\/$|\.lock$|\.$/.test(branch))
    throw new UserError('invalid_params', `${JSON.stringify(branch)} is not a branch name.`);
  return branch;
}

/** The branch of a full ref name (`refs/heads/main` → `main`), or undefined for tags and others. */
export function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}
