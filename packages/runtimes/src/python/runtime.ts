import type { Runtime } from '../runtime.js';
import { ensurePythonBuildImage } from './ensure-python-build-image.js';
import { ensurePythonRuntime } from './ensure-python-runtime.js';
import { findBuild, findPython, stackPython } from './list-python-builds.js';
import { pythonWarnings } from './python-warnings.js';

/** Python: the stack's own, those of other Debian releases, other minors as relocatable builds from a Maven repository. */
export const pythonRuntime: Runtime = {
  title: 'Python',
  isOnStack: true,
  resolve: async (parts, wish) => (await findPython(parts, wish)).version,
  warnings: async (parts, wish, version) =>
    pythonWarnings(wish, await findBuild(parts, version), await stackPython(parts)),
  ensureRun: ensurePythonRuntime,
  ensureBuild: (parts, version) => ensurePythonBuildImage(parts, version),
};
