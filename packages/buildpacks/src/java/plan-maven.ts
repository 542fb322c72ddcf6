import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, ToolWish } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import { javaCommand } from './java-command.js';
import { mavenStart } from './maven-start.js';
import type { Pom } from './read-pom.js';

/** The parts of a plan that depend on the build tool. */
export interface ToolPlan {
  tools: readonly ToolWish[];
  build: readonly BuildCommand[];
  start: { web: string | undefined; noStart: string };
  leaveOut: readonly string[];
  warnings: readonly string[];
}

/** Time stamps inside jars: the same source gives the same jar (Maven's guide to reproducible builds). */
const outputTimestamp = '-Dproject.build.outputTimestamp=2025-01-01T00:00:00Z';

/** Our Maven in place of the wrapper's: it is in the build image, and does what one of the same major version does. */
export function planMaven(view: SourceView, settings: BerthYaml, poms: readonly Pom[]): ToolPlan {
  const start = mavenStart(poms);
  // Heroku's users put the settings of a private repository there.
  const userSettings = view.paths.includes('settings.xml') ? ['-s', 'settings.xml'] : [];
  const shown = ['mvn', '-DskipTests', ...userSettings, 'package', ...start.goals];
  const argv = ['mvn', '-B', '-ntp', outputTimestamp, ...shown.slice(1)];
  return {
    tools: [],
    build: [javaCommand({ settings, title: `Building (${shown.join(' ')})`, shown, argv })],
    start,
    leaveOut: ['.mvn', 'mvnw', 'mvnw.cmd', ...byproducts.map((name) => `**/target/${name}`)],
    warnings: wrapperWarning(view),
  };
}

/** Of target only what is run: jars, and what plugins put together. */
const byproducts = [
  ...['*-plain.jar', '*-sources.jar', '*-javadoc.jar', '*-tests.jar', 'original-*.jar', '*.original'],
  ...['classes', 'maven-*', 'generated-*', 'test-classes', 'surefire-reports', 'failsafe-reports', 'javac.*'],
];

function wrapperWarning({ texts }: SourceView): string[] {
  const url = texts['.mvn/wrapper/maven-wrapper.properties'] ?? '';
  const version = /^distributionUrl\s*=.*apache-maven-(\d[\w.-]*?)-bin/m.exec(url)?.[1];
  return version && !version.startsWith('3.')
    ? [
        `The wrapper asks for Maven ${version}; our Maven 3 is used. With "build: { command: ./mvnw package }" in berth.yaml it is yours.`,
      ]
    : [];
}
