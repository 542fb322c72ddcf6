import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildPlan, DependenciesPlan } from '../build-plan.js';
import { planNode } from '../node/plan.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import { belowRoot, type SourceView } from '../source-view.js';
import { findFrontEnd } from './front-end.js';

const buildpack = { name: 'static', version: '1' };

/** A folder of files as it is, or what the build of a front-end leaves: both served by nginx; pure. */
export function planStatic(view: SourceView, settings: BerthYaml, member?: string): BuildPlan {
  const frontEnd = findFrontEnd(belowRoot(view, member));
  if (!frontEnd) return planFolder(view, settings);
  // A process that berth.yaml adds has Node.js to run it.
  if (Object.values(settings.processes).some(({ command }) => command && !command.startsWith('berth-static')))
    return planNode(view, settings, member);
  const { folder, hashed } = frontEnd;
  const web = ['berth-static', folder, ...hashed.flatMap((one) => ['--immutable', one])].join(' ');
  // A version in berth.yaml is nginx's there, not that of Node.js.
  const { runtime: _, ...others } = settings;
  const plan = planNode(view, others, member, { web, noStart: '', warnings: [] });
  return {
    ...plan,
    buildpack,
    tools: plan.tools.map((tool) => ({ ...tool, isInImage: false })),
    dependencies: plan.dependencies && withDevelopment(plan.dependencies),
    serve: { runtime: 'static', folder: member === undefined ? folder : `${member}/${folder}` },
    env: {},
  };
}

/** No dependency is in the image: one tree, with everything that the build needs. */
function withDevelopment(dependencies: DependenciesPlan): DependenciesPlan {
  const { unpackAll, installAll } = dependencies;
  return { ...dependencies, unpack: unpackAll, installProduction: installAll, prune: undefined };
}

function planFolder(view: SourceView, settings: BerthYaml): BuildPlan {
  const folder = ['public', 'dist'].find((one) => view.paths.includes(`${one}/index.html`));
  const web = folder === undefined || view.paths.includes('index.html') ? 'berth-static' : `berth-static ${folder}`;
  return {
    buildpack,
    runtime: {
      name: 'static',
      wish: settings.runtime?.version,
      wishFrom: settings.runtime?.version === undefined ? undefined : 'berth.yaml',
    },
    tools: [],
    dependencies: undefined,
    build: settings.buildCommand ? [ownCommand(settings.buildCommand)] : [],
    leaveOut: [],
    caches: settings.caches,
    processes: planProcesses(view, settings, { web, noStart: '' }),
    healthcheck: settings.healthcheck,
    env: {},
    warnings: [],
  };
}
