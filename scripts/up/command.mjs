import { spawn } from 'node:child_process';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] in addition to ours
 * @property {string} [input]
 * @property {(text: string) => void} [onOutput] stdout and stderr as they come
 * @property {boolean} [check] throw when it ends with another code than 0 (default)
 */

/**
 * Runs one argument list, never a shell string.
 * @param {readonly string[]} argv
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function run(argv, { cwd, env, input, onOutput, check = true } = {}) {
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = argv;
    const child = spawn(command, args, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(cwd && { cwd }),
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      onOutput?.(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      onOutput?.(text);
    });
    child.stdin?.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (check && code !== 0)
        reject(new Error(`${argv.slice(0, 4).join(' ')} ended with ${code}\n${stderr.slice(-2000)}`));
      else resolve({ code, stdout, stderr });
    });
  });
}

/**
 * Whether a command is in the PATH.
 * @param {string} name
 */
export async function has(name) {
  const { code } = await run(['which', name], { check: false });
  return code === 0;
}
