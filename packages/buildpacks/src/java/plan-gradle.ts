import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { SourceView } from '../source-view.js';
import { gradleBuild } from './gradle-start.js';
import { javaCommand } from './java-command.js';
import type { ToolPlan } from './plan-maven.js';

/** Makes jars without time stamps, and uses the installation's mirror (packages/runtimes/files/java-build). */
const initScript = '/opt/berth/runtimes/java-build/init.gradle';

/** The app's own wrapper, which fetches the Gradle that it was written for; without one Debian's old Gradle. */
export function planGradle(view: SourceView, settings: BerthYaml): ToolPlan {
  const { tasks, ...start } = gradleBuild(view);
  const usesWrapper = view.paths.includes('gradlew') && view.paths.includes('gradle/wrapper/gradle-wrapper.jar');
  // A wrapper that was committed without its executable bit works too.
  const [name, command] = usesWrapper ? ['./gradlew', ['sh', './gradlew']] : ['gradle', ['gradle']];
  const shown = [name!, ...tasks];
  const argv = [...command!, '--no-daemon', '--console=plain', '-I', initScript, ...tasks];
  return {
    tools: usesWrapper ? [] : [{ name: 'gradle', version: undefined, isInImage: false }],
    build: [javaCommand({ settings, title: `Building (${shown.join(' ')})`, shown, argv })],
    start,
    leaveOut: [
      ...['.gradle', 'gradle/wrapper', 'gradlew', 'gradlew.bat', '**/buildSrc'],
      ...['classes', 'tmp', 'generated', 'reports', 'test-results', 'resources', 'kotlin', 'distributions'].map(
        (directory) => `**/build/${directory}`,
      ),
      ...['*-plain.jar', '*-sources.jar', '*-javadoc.jar'].map((jar) => `**/build/libs/${jar}`),
    ],
    warnings: usesWrapper
      ? []
      : [
          'There is no Gradle wrapper (gradlew and gradle/wrapper): built with Debian\'s Gradle 4.4.1. Commit what "gradle wrapper" writes.',
        ],
  };
}
