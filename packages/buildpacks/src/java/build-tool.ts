import type { SourceView } from '../source-view.js';

/** Which of the two builds the app; Maven when both could, as at Heroku. */
export function javaBuildTool({ paths }: SourceView): 'maven' | 'gradle' | undefined {
  const has = (...names: string[]) => names.some((name) => paths.includes(name));
  if (has('pom.xml')) return 'maven';
  return has('build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts', 'gradlew')
    ? 'gradle'
    : undefined;
}
