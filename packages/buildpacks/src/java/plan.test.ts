import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { planJava } from './plan.js';

const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const pom = (inner: string) =>
  `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">${inner}</project>`;
const plugins = (...all: string[]) => `<build><plugins>${all.join('')}</plugins></build>`;
const plugin = (name: string, configuration = '') =>
  `<plugin><artifactId>${name}</artifactId><configuration>${configuration}</configuration></plugin>`;
const springPom = pom(
  `<properties><java.version>17</java.version></properties>${plugins(plugin('spring-boot-maven-plugin'))}`,
);
const webOf = (texts: Record<string, string>) =>
  planJava(view(texts), none).processes.find(({ name }) => name === 'web')?.command;
const wishOf = (texts: Record<string, string>) => planJava(view(texts), none).runtime.wish;

describe('a plan for Maven', () => {
  it('builds a Spring Boot app and starts its jar', () => {
    expect(planJava(view({ 'pom.xml': springPom }, ['mvnw']), none)).toMatchSnapshot();
  });

  it('takes Procfile, settings.xml and the build command of berth.yaml', () => {
    const texts = { 'pom.xml': pom('<packaging>jar</packaging>'), Procfile: 'web: java -jar target/a.jar\nworker: b' };
    expect(planJava(view(texts, ['settings.xml']), none)).toMatchSnapshot();
    expect(planJava(view(texts), { ...none, buildCommand: './mvnw verify' }).build).toMatchSnapshot();
  });

  it.each([
    [
      'a jar with a main class',
      plugins(plugin('maven-jar-plugin', '<archive><manifest><mainClass>a.B</mainClass></manifest></archive>')),
      'java $JAVA_OPTS -jar target/*.jar',
    ],
    [
      'Quarkus',
      plugins(plugin('quarkus-maven-plugin')),
      'java $JAVA_OPTS -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=$PORT -jar target/quarkus-app/quarkus-run.jar',
    ],
    [
      'Micronaut',
      plugins(plugin('micronaut-maven-plugin')),
      'java $JAVA_OPTS -Dmicronaut.server.port=$PORT -jar target/*.jar',
    ],
    [
      'a war of Spring Boot',
      `<packaging>war</packaging>${plugins(plugin('spring-boot-maven-plugin'))}`,
      'java $JAVA_OPTS -Dserver.port=$PORT -jar target/*.war',
    ],
    [
      'the exec plugin',
      plugins(plugin('exec-maven-plugin', '<mainClass>a.Main$Inner</mainClass>')),
      'java $JAVA_OPTS -cp "target/classes:target/dependency/*" a.Main\\$Inner',
    ],
  ])('starts %s', (_what, inner, command) => {
    expect(webOf({ 'pom.xml': pom(inner) })).toBe(command);
  });

  it('copies the dependencies that a class path needs, and keeps the classes', () => {
    const plan = planJava(
      view({ 'pom.xml': pom(plugins(plugin('exec-maven-plugin', '<mainClass>A</mainClass>'))) }),
      none,
    );
    expect(plan.build[0]?.shown).toBe('mvn -DskipTests package dependency:copy-dependencies -DincludeScope=runtime');
    expect(plan.leaveOut).not.toContain('**/target/classes');
  });

  it('keeps the classes that a Procfile names', () => {
    const texts = { 'pom.xml': pom(''), Procfile: 'web: java -cp target/classes:target/dependency/* a.Main' };
    const { leaveOut } = planJava(view(texts), none);
    expect(leaveOut).not.toContain('**/target/classes');
    expect(leaveOut).toContain('**/target/test-classes');
  });

  it('starts the one module that can be started, and asks when there are more', () => {
    const parent = pom('<packaging>pom</packaging>');
    const library = pom(plugins(plugin('maven-compiler-plugin')));
    const texts = { 'pom.xml': parent, 'api/pom.xml': springPom, 'lib/pom.xml': library };
    expect(webOf(texts)).toBe('java $JAVA_OPTS -Dserver.port=$PORT -jar api/target/*.jar');
    expect(() => webOf({ ...texts, 'worker/pom.xml': springPom })).toThrow(
      'Nothing says how to start this app: there is no Procfile and more than one module can be started (api, worker).',
    );
  });

  it('says what it looked for when nothing can be started', () => {
    expect(() => webOf({ 'pom.xml': pom('') })).toThrow(
      'Nothing says how to start this app: there is no Procfile and pom.xml has no Spring Boot plugin, no main class for its jar and no exec plugin with one.',
    );
  });

  it.each([
    ['<project>', 'pom.xml is not valid: '],
    ['<html></html>', 'pom.xml is not valid: its top element must be "project".'],
    ['', 'pom.xml is not valid: '],
  ])('says that %j is no pom', (text, sentence) => {
    expect(() => webOf({ 'pom.xml': text })).toThrow(sentence);
  });

  it('warns of a wrapper with another major version', () => {
    const url = (version: string) => ({
      'pom.xml': springPom,
      '.mvn/wrapper/maven-wrapper.properties': `distributionUrl=https://m.test/apache-maven-${version}-bin.zip\n`,
    });
    expect(planJava(view(url('4.0.0-rc-4')), none).warnings[0]).toContain('The wrapper asks for Maven 4.0.0-rc-4');
    expect(planJava(view(url('3.8.6')), none).warnings).toEqual([]);
  });
});

describe('a plan for Gradle', () => {
  const wrapper = ['gradlew', 'gradle/wrapper/gradle-wrapper.jar'];

  it('builds a Spring Boot app by its own wrapper', () => {
    const build = `plugins {\n  id 'java'\n  id 'org.springframework.boot' version '3.5.6'\n}\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }`;
    expect(planJava(view({ 'build.gradle': build }, wrapper), none)).toMatchSnapshot();
  });

  it('builds a project without a wrapper by the Gradle of Debian, and says so', () => {
    const plan = planJava(view({ 'build.gradle': `jar { manifest { attributes 'Main-Class': 'a.B' } }` }), none);
    expect(plan.build[0]?.shown).toBe('gradle assemble');
    expect(plan.tools).toEqual([{ name: 'gradle', version: undefined, isInImage: false }]);
    expect(plan.warnings[0]).toContain('There is no Gradle wrapper');
  });

  it.each([
    [
      'the application plugin',
      { 'build.gradle.kts': 'plugins {\n    application\n}\n', 'settings.gradle.kts': 'rootProject.name = "shop"' },
      'build/install/shop/bin/shop',
    ],
    [
      'an application in a sub-project',
      { 'settings.gradle': '', 'app/build.gradle': `plugins { id 'application' }` },
      'app/build/install/app/bin/app',
    ],
    [
      'Shadow',
      { 'build.gradle': `plugins { id("com.gradleup.shadow") version "9" }` },
      'java $JAVA_OPTS -jar build/libs/*-all.jar',
    ],
    [
      'Spring Boot in a sub-project',
      {
        'build.gradle': `plugins { id 'org.springframework.boot' version '3.5.6' apply false }`,
        'web/build.gradle': `plugins { id 'org.springframework.boot' }`,
      },
      'java $JAVA_OPTS -Dserver.port=$PORT -jar web/build/libs/*.jar',
    ],
  ])('starts %s', (_what, texts, command) => {
    expect(webOf(texts)).toBe(command);
  });

  it('runs the task stage, as at Heroku', () => {
    const texts = { 'build.gradle': 'task stage(dependsOn: [x])', Procfile: 'web: x' };
    expect(planJava(view(texts), none).build[0]?.shown).toBe('gradle stage');
  });
});

describe('the version of Java', () => {
  const level = (inner: string) => ({ 'pom.xml': pom(`${inner}${plugins(plugin('spring-boot-maven-plugin'))}`) });

  it.each([
    [{ 'pom.xml': springPom }, '>=17'],
    [level('<properties><maven.compiler.source>1.8</maven.compiler.source></properties>'), '>=8'],
    [level(''), undefined],
    [{ 'pom.xml': springPom, 'system.properties': 'java.runtime.version=25\n' }, '25'],
    [{ 'pom.xml': springPom, '.java-version': '21.0\n' }, '21.0'],
    [{ 'pom.xml': springPom, '.sdkmanrc': '# x\njava=21.0.4-tem\n' }, '21.0.4-tem'],
    [{ 'pom.xml': springPom, '.tool-versions': 'nodejs 22\njava temurin-21.0.4+7\n' }, 'temurin-21.0.4+7'],
    [{ 'build.gradle': `id 'application'\nsourceCompatibility = JavaVersion.VERSION_17` }, '>=17'],
    [{ 'build.gradle.kts': `application\nkotlin { jvmToolchain(21) }` }, '21'],
  ])('is read from %j', (texts, wish) => {
    expect(wishOf({ ...texts, Procfile: 'web: x' })).toBe(wish);
  });
});
