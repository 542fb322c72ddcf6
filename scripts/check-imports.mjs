import { pathToFileURL } from 'node:url';
import { readImportGraph } from './check/import-graph.mjs';
import { mayImport, mayImportDb, mayNotReach } from './check/import-rules.mjs';

/** @typedef {Map<string, import('./check/import-graph.mjs').Import[]>} Graph */

/**
 * The rooms of DESIGN section 1: direct imports against the table, forbidden things in the transitive closure, and no
 * circle between the nouns of packages/platform.
 * @param {Graph} [graph]
 * @returns {string[]} what is wrong, one line each
 */
export function checkImports(graph = readImportGraph()) {
  return [...wrongImports(graph), ...wrongReach(graph), ...circles(nounGraph(graph))];
}

/** @param {string} file */
const roomOf = (file) => file.split('/').slice(0, 2).join('/');

/**
 * @param {Graph} graph
 * @returns {string[]}
 */
function wrongImports(graph) {
  return [...graph].flatMap(([file, imports]) => {
    const room = roomOf(file);
    const allowed = mayImport[room];
    if (!allowed) return [`${file}: ${room} has no line in scripts/check/import-rules.mjs`];
    return imports
      .filter(({ to }) => !to.startsWith('npm:') && roomOf(to) !== room && !isAllowed(room, allowed, to))
      .map(({ to }) => `${file} may not import ${to}`);
  });
}

/**
 * @param {string} room
 * @param {string[]} allowed
 * @param {string} to
 */
function isAllowed(room, allowed, to) {
  if (roomOf(to) === 'packages/db' && !mayImportDb.includes(room)) return false;
  return allowed.some((rule) => {
    const [allowedRoom, part] = rule.split('#');
    return roomOf(to) === allowedRoom && (part === undefined || to.startsWith(`${allowedRoom}/src/${part}`));
  });
}

/**
 * @param {Graph} graph
 * @returns {string[]}
 */
function wrongReach(graph) {
  return mayNotReach.flatMap(({ from, to, why }) =>
    from.flatMap((room) => {
      const chain = findChain(
        graph,
        [...graph.keys()].filter((file) => roomOf(file) === room),
        to,
      );
      return chain ? [`${chain.join(' → ')}: ${why}`] : [];
    }),
  );
}

/**
 * The shortest chain of imports (types left out: they do not exist at run time) from some files to a forbidden one.
 * @param {Graph} graph
 * @param {string[]} starts
 * @param {RegExp} to
 */
function findChain(graph, starts, to) {
  const queue = starts.map((file) => [file]);
  const seen = new Set(starts);
  for (const chain of queue) {
    const last = chain.at(-1) ?? '';
    for (const next of graph.get(last) ?? []) {
      if (next.isType || seen.has(next.to)) continue;
      if (to.test(next.to)) return [...chain, next.to];
      seen.add(next.to);
      queue.push([...chain, next.to]);
    }
  }
  return undefined;
}

/**
 * The nouns of packages/platform (its folders), and which needs which.
 * @param {Graph} graph
 * @returns {Map<string, Set<string>>}
 */
function nounGraph(graph) {
  const nounOf = (/** @type {string} */ file) => /^packages\/platform\/src\/([^/]+)\/[^/]+$/.exec(file)?.[1];
  const nouns = new Map();
  for (const [file, imports] of graph) {
    const noun = nounOf(file);
    if (!noun) continue;
    const needed = nouns.get(noun) ?? new Set();
    for (const { to, isType } of imports) {
      const other = nounOf(to);
      if (other && other !== noun && !isType) needed.add(other);
    }
    nouns.set(noun, needed);
  }
  return nouns;
}

/**
 * Each circle once, named from its first noun in the alphabet.
 * @param {Map<string, Set<string>>} nouns
 */
function circles(nouns) {
  const found = new Set();
  const visit = (/** @type {string} */ noun, /** @type {string[]} */ path) => {
    const at = path.indexOf(noun);
    if (at >= 0) {
      const circle = path.slice(at);
      if (circle[0] === [...circle].sort()[0]) found.add([...circle, noun].join(' → '));
      return;
    }
    if (path.length < 8) for (const next of nouns.get(noun) ?? []) visit(next, [...path, noun]);
  };
  for (const noun of nouns.keys()) visit(noun, []);
  return [...found].map((circle) => `packages/platform: a circle between nouns: ${circle}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wrong = checkImports();
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
