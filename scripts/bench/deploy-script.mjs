import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The alternative a team has without a platform: a bare repository with a post-receive hook that runs `docker build`
 * (BuildKit, cache mounts), pushes the image, starts it, waits for its health, reloads HAProxy and stops the old one.
 * @param options { docker, dockerConfig, base, registry, platformImage, port, caBundle, npmRegistry }
 */
export function openDeployScript(options) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const { docker, dockerConfig, base, registry, platformImage, port, caBundle, npmRegistry } = options;
  writeFileSync(join(folder, 'haproxy.cfg'), haproxyConfig(port, 1));
  execFileSync(docker, [
    ...['run', '-d', '--rm', '--network', 'host', '--name', `bench-haproxy-${port}`, '-v', `${folder}:/bench`],
    ...[platformImage, 'haproxy', '-W', '-f', '/bench/haproxy.cfg'],
  ]);
  const hook = `#!/bin/bash
set -euo pipefail
export DOCKER_CONFIG=${dockerConfig}
read -r old new ref
name=$(basename "$PWD" .git)
work=$(mktemp -d)
git archive "$new" | tar -x -C "$work"
image=${registry}/bench/$name:\${new:0:12}
DOCKER_BUILDKIT=1 ${docker} build -q --build-arg BASE=${base} --build-arg npm_config_registry=${npmRegistry} --secret id=ca,src=${caBundle} -t "$image" "$work"
${docker} push -q "$image"
was=$(${docker} ps -q --filter "label=bench=$name")
id=$(${docker} run -d --label "bench=$name" -m 512m -e PORT=8080 "$image")
address=$(${docker} inspect -f '{{.NetworkSettings.IPAddress}}' "$id")
until curl -fs -o /dev/null --max-time 1 "http://$address:8080/"; do sleep 0.01; done
sed "s/127.0.0.1:1 /$address:8080 /" ${folder}/template.cfg > ${folder}/haproxy.cfg
${docker} kill -s USR2 bench-haproxy-${port} >/dev/null
echo "deployed $image"
[ -z "$was" ] || (${docker} rm -f $was >/dev/null 2>&1 &)
rm -rf "$work"
`;
  writeFileSync(join(folder, 'template.cfg'), haproxyConfig(port, 1));
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Makes a repository with the hook; returns its path, which is a git remote. */
    createApp: (name) => {
      const repository = join(folder, `${name}.git`);
      execFileSync('git', ['init', '-q', '--bare', repository]);
      mkdirSync(join(repository, 'hooks'), { recursive: true });
      writeFileSync(join(repository, 'hooks', 'post-receive'), hook);
      chmodSync(join(repository, 'hooks', 'post-receive'), 0o755);
      return repository;
    },
    close: () => {
      const ids = execFileSync(docker, ['ps', '-aq', '--filter', 'label=bench']).toString().split('\n').filter(Boolean);
      if (ids.length > 0) execFileSync(docker, ['rm', '-f', ...ids]);
      execFileSync(docker, ['rm', '-f', `bench-haproxy-${port}`]);
      spawn('rm', ['-rf', folder], { stdio: 'ignore' });
    },
  };
}

const haproxyConfig = (port, backendPort) => `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend edge
  bind 127.0.0.1:${port}
  default_backend app
backend app
  server app 127.0.0.1:${backendPort} check inter 500
`;
