/** One entry of a registry token (distribution's token specification): a resource and what may be done with it. */
export interface RegistryScope {
  type: string;
  /** A repository as the registry stores it, such as `app/<repository id>`. */
  name: string;
  actions: string[];
}

/** Who of ours signs in at the registry, each with a secret of its own. */
export const registryProcesses = ['git', 'builder', 'releaser', 'host', 'operator'] as const;
export type RegistryProcess = (typeof registryProcesses)[number];

/** Repositories that images are built from and into; people's uploads (`pushed/`) and sources are none of them. */
const built = /^(?!source\/|pushed\/)/;

const rules: Record<RegistryProcess, Record<string, RegExp>> = {
  git: { pull: /^source\//, push: /^source\// },
  builder: { pull: /^(?!pushed\/)/, push: built },
  /** Copies images of releases to where production pulls them from, and removes what nobody refers to any more. */
  releaser: { pull: /^/, delete: /^/ },
  host: { pull: built },
  /** `npm start` and tests. */
  operator: { pull: /^/, push: /^/, delete: /^/ },
};

/** In the registry that production pulls from; who is not named has no right there, builders above all. */
const productionRules: Partial<Record<RegistryProcess, Record<string, RegExp>>> = {
  releaser: { pull: /^(app\/|layers$)/, push: /^(app\/|layers$)/, delete: /^app\// },
  host: { pull: /^app\// },
  operator: { pull: /^/, push: /^/, delete: /^/ },
};

/** What a process of ours gets of what it asks for. */
export function grantProcess(
  process: RegistryProcess,
  asked: readonly RegistryScope[],
  registry: 'dev' | 'production' = 'dev',
): RegistryScope[] {
  const mine = registry === 'dev' ? rules[process] : productionRules[process];
  return asked.flatMap((scope) => {
    const mayDo = (action: string) => scope.type === 'repository' && mine?.[action]?.test(scope.name) === true;
    const actions = scope.actions.filter(mayDo);
    return actions.length > 0 ? [{ ...scope, actions }] : [];
  });
}
