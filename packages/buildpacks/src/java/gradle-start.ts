import type { SourceView } from '../source-view.js';

/** Which tasks build the app, and how it is started. */
export interface GradleBuild {
  tasks: readonly string[];
  web: string | undefined;
  noStart: string;
}

const nothing = 'build.gradle has no Spring Boot or application plugin and no Main-Class for its jar';

/** What a build.gradle (Groovy or Kotlin) says in the usual words; anything else is for a Procfile to say. */
export function gradleBuild(view: SourceView): GradleBuild {
  const files = Object.entries(view.texts)
    .flatMap(([path, text]) => {
      const directory = /^(?:(.+)\/)?build\.gradle(?:\.kts)?$/.exec(path);
      return directory && !path.includes('buildSrc/')
        ? [{ directory: directory[1] ?? '', text: withoutComments(text) }]
        : [];
    })
    .sort((a, b) => a.directory.length - b.directory.length);
  const hasStage = files.some(({ text }) => /\btask\s+stage\b|\b(?:register|create)\(\s*["']stage["']/.test(text));
  const found = files.flatMap(({ directory, text }) => {
    const start = startOf(view, directory, text);
    return start ? [{ directory, ...start }] : [];
  });
  const tasksOf = (task: string) => [hasStage ? 'stage' : task];
  const [first] = found;
  if (!first) return { tasks: tasksOf('assemble'), web: undefined, noStart: nothing };
  if (found.length === 1) return { tasks: tasksOf(first.task), web: first.web, noStart: nothing };
  const names = found.map(({ directory }) => directory || '.').join(', ');
  return { tasks: tasksOf('assemble'), web: undefined, noStart: `more than one project can be started (${names})` };
}

function startOf(view: SourceView, directory: string, text: string): { task: string; web: string } | undefined {
  const below = (path: string) => (directory ? `${directory}/${path}` : path);
  const jar = below('build/libs/*.jar');
  if (applies(text, 'org.springframework.boot'))
    return { task: 'bootJar', web: `java $JAVA_OPTS -Dserver.port=$PORT -jar ${jar}` };
  if (applies(text, 'io.quarkus'))
    return {
      task: 'quarkusBuild',
      web: `java $JAVA_OPTS -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=$PORT -jar ${below('build/quarkus-app/quarkus-run.jar')}`,
    };
  if (/["'](?:com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow)["']/.test(text))
    return { task: 'shadowJar', web: `java $JAVA_OPTS -jar ${below('build/libs/*-all.jar')}` };
  if (applies(text, 'application')) {
    const name = directory ? directory.slice(directory.lastIndexOf('/') + 1) : rootName(view);
    return { task: 'installDist', web: below(`build/install/${name}/bin/${name}`) };
  }
  return /\bMain-Class\b/.test(text) ? { task: 'assemble', web: `java $JAVA_OPTS -jar ${jar}` } : undefined;
}

/** `id 'x'`, `id("x")`, `apply plugin: 'x'`, and for Gradle's own plugins `application` in Kotlin; not `apply false`. */
function applies(text: string, plugin: string): boolean {
  const name = plugin.replaceAll('.', '\\.');
  const line = new RegExp(
    `(?:\\bid\\b|apply\\s+plugin:|apply\\(\\s*plugin\\s*=)\\s*\\(?\\s*["']${name}["'](?!.*apply\\s*\\(?false)`,
  );
  return line.test(text) || new RegExp(`^\\s*${name}\\s*$`, 'm').test(text);
}

/** Without a name of its own a project is called as its directory, which is `app` where we build. */
function rootName({ texts }: SourceView): string {
  const settings = texts['settings.gradle'] ?? texts['settings.gradle.kts'] ?? '';
  return /rootProject\.name\s*=\s*["']([\w.-]+)["']/.exec(settings)?.[1] ?? 'app';
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
