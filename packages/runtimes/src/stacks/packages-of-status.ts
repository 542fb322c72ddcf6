/** `name=version` of the installed packages of a dpkg status file (deb-control(5)), sorted by name. */
export function packagesOfStatus(status: string): string[] {
  const found = status.split(/\n\n+/).flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1];
    const isInstalled = field('Status')?.endsWith(' installed');
    return isInstalled ? [`${field('Package')}=${field('Version')}`] : [];
  });
  return found.sort();
}
