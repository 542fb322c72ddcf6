/** Keys that Berth itself gives, and the addresses of services inside: to hide them would make an output unreadable. */
const openKeys = new Set(['BERTH_ENVIRONMENT', 'BERTH_SERVICE']);
const internalAddress = /^http:\/\/[a-z0-9-]+\.internal$/;

/** Values of a config that no output may show. */
export function secretValues(config: Readonly<Record<string, string>>): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    openKeys.has(key) || internalAddress.test(value) ? [] : [value],
  );
}
