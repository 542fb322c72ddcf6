import type { Buildpack } from '../buildpack.js';
import { javaBuildTool } from './build-tool.js';
import { planJava } from './plan.js';

/** Apps built by Maven or Gradle: Java, Kotlin and whatever else they compile. */
export const javaBuildpack: Buildpack = {
  name: 'java',
  looksFor: 'pom.xml or build.gradle (Java)',
  detect: (view) => javaBuildTool(view) !== undefined,
  decisive: [
    'pom.xml',
    'build.gradle',
    'build.gradle.kts',
    'settings.gradle',
    'settings.gradle.kts',
    'maven-wrapper.properties',
    'system.properties',
    '.java-version',
    '.sdkmanrc',
    '.tool-versions',
  ],
  plan: planJava,
  // Read by files/java-build; a repository of the app's own stays what it is.
  sourceEnv: ({ maven, gradle }) => ({
    ...(maven ? { BERTH_MAVEN_REPOSITORY: maven } : {}),
    ...(gradle ? { BERTH_GRADLE_DISTRIBUTIONS: gradle } : {}),
  }),
};
