/** A setting that names a real part; `npm test` sets them all. Throws when it is missing. */
export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: integration tests run on the real parts.`);
  return value;
}
