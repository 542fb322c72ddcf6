import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';

const packages = [
  ...['flask==3.1.3', 'gunicorn==27.0.1', 'fastapi==0.165.0', 'uvicorn==0.54.0'],
  ...['requests==2.34.2', 'httpx==0.28.1', 'aiohttp==3.14.5'],
];

/** The bin directory of a virtual environment with servers and clients, made once per machine; beside it the host's Python. */
export async function pythonEnvironment(): Promise<string> {
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12);
  const directory = join(tmpdir(), 'berth-test-downloads', `python-${name}`);
  const ready = join(directory, 'bin/uvicorn');
  const isThere = await access(ready).then(
    () => true,
    () => false,
  );
  if (isThere) return join(directory, 'bin');
  await rm(directory, { recursive: true, force: true });
  await run(['python3', '-m', 'venv', directory]);
  await run([join(directory, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  return join(directory, 'bin');
}
