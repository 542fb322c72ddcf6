import type { Pom } from './read-pom.js';

/** How what Maven builds is started. */
export interface JavaStart {
  /** Undefined: nothing that we know says it. */
  web: string | undefined;
  noStart: string;
  /** Goals that the start needs beside `package`. */
  goals: readonly string[];
}

const nothing = 'pom.xml has no Spring Boot plugin, no main class for its jar and no exec plugin with one';

/**
 * The module that can be started, and how. A jar's name is left to the shell: it has the version in it, which may be put
 * together by the build itself.
 */
export function mavenStart(poms: readonly Pom[]): JavaStart {
  const found = poms.flatMap((pom) => {
    const start = startOf(pom);
    return start ? [{ pom, start }] : [];
  });
  const [first] = found;
  if (!first) return { web: undefined, noStart: nothing, goals: [] };
  if (found.length === 1) return { ...first.start, noStart: nothing };
  const names = found.map(({ pom }) => pom.directory || '.').join(', ');
  return { web: undefined, noStart: `more than one module can be started (${names})`, goals: [] };
}

function startOf(pom: Pom): { web: string; goals: readonly string[] } | undefined {
  if (pom.packaging === 'pom') return undefined;
  const { plugins } = pom;
  const target = pom.directory ? `${pom.directory}/target` : 'target';
  const jar = `${target}/*.${pom.packaging === 'war' ? 'war' : 'jar'}`;
  if (plugins['quarkus-maven-plugin'])
    return {
      web: `java $JAVA_OPTS -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=$PORT -jar ${target}/quarkus-app/quarkus-run.jar`,
      goals: [],
    };
  if (plugins['spring-boot-maven-plugin']) return { web: `java $JAVA_OPTS -Dserver.port=$PORT -jar ${jar}`, goals: [] };
  if (plugins['micronaut-maven-plugin'])
    return { web: `java $JAVA_OPTS -Dmicronaut.server.port=$PORT -jar ${jar}`, goals: [] };
  if (hasMainClass(pom)) return { web: `java $JAVA_OPTS -jar ${jar}`, goals: [] };
  const mainClass = plugins['exec-maven-plugin']?.setting('mainClass') ?? pom.properties['exec.mainClass'];
  if (mainClass && /^[\w.$]+$/.test(mainClass))
    return {
      web: `java $JAVA_OPTS -cp "${target}/classes:${target}/dependency/*" ${mainClass.replaceAll('$', '\\$')}`,
      goals: ['dependency:copy-dependencies', '-DincludeScope=runtime'],
    };
  return undefined;
}

/** Plugins that write `Main-Class` into a jar's manifest. */
function hasMainClass({ plugins }: Pom): boolean {
  return ['maven-jar-plugin', 'maven-shade-plugin', 'maven-assembly-plugin'].some((name) => {
    const plugin = plugins[name];
    return (plugin?.setting('mainClass') ?? plugin?.setting('Main-Class')) !== undefined;
  });
}
