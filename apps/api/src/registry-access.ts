import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTokenSigner, type TokenSigner } from '@berth/images/token-signer';
import { type RegistryProcess, registryProcesses } from '@berth/platform/registry/process-grants';

/** What this process needs to be the registry's token server. */
export interface RegistryAccess {
  sign: TokenSigner;
  /** Secrets of our own processes. */
  secrets: ReadonlyMap<RegistryProcess, string>;
}

/** How long a token opens the registry, s. A pull of the engine may be of many layers. */
export const lifetimeSeconds = (subject: string): number => (subject === 'host' ? 900 : 300);

/**
 * @param options.directory holds `token.key` and `token.crt`, which npm start makes
 * @param options.secrets `git=…,builder=…`
 */
export async function openRegistryAccess(options: { directory: string; secrets: string }): Promise<RegistryAccess> {
  const read = (name: string) => readFile(join(options.directory, name), 'utf8');
  const [keyPem, certificatePem] = await Promise.all([read('token.key'), read('token.crt')]);
  const secrets = new Map(
    options.secrets.split(',').flatMap((pair): [RegistryProcess, string][] => {
      const [name, secret] = pair.split('=', 2);
      const process = registryProcesses.find((known) => known === name);
      return process && secret ? [[process, secret]] : [];
    }),
  );
  return { sign: await openTokenSigner({ keyPem, certificatePem }), secrets };
}

/** Which of our processes signs in with this name and secret. */
export function findProcess(
  { secrets }: RegistryAccess,
  { user, password }: { user: string; password: string },
): RegistryProcess | undefined {
  const process = registryProcesses.find((known) => known === user);
  const secret = process && secrets.get(process);
  if (!secret) return undefined;
  const [given, wanted] = [Buffer.from(password), Buffer.from(secret)];
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? process : undefined;
}
