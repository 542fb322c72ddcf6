import { request } from 'node:http';

/**
 * The Docker Engine's API on its unix socket (paths without version: the engine's newest). `npm start` uses it before
 * any package is installed, and a `docker` in the PATH may be only a client of another engine.
 */
export class Engine {
  /** @param {string} socket */
  constructor(socket) {
    this.socket = socket;
  }

  /**
   * One request; the answer parsed when it is JSON. Throws on a status from 400, with the engine's own sentence.
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {unknown} [body] JSON, or a stream
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    const { status, text } = await this.#send(method, path, body);
    const answer = parse(text);
    if (status >= 400) throw new EngineError(status, `${method} ${path}: ${answer?.message ?? text}`);
    return answer;
  }

  /**
   * Like `ask`, with `undefined` for what is not there, already so, or in the way of nothing (304, 404, 409).
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async tryAsk(method, path, body) {
    try {
      return await this.ask(method, path, body);
    } catch (error) {
      if (error instanceof EngineError && [304, 404, 409].includes(error.status)) return undefined;
      throw error;
    }
  }

  /**
   * The last lines that a container printed. Docker puts 8 bytes before each piece (Engine API, "Stream format"):
   * which stream, three zeros, length.
   * @param {string} id
   * @param {number} count
   */
  async lastLines(id, count) {
    const { bytes } = await this.#send('GET', `/containers/${id}/logs?stdout=1&stderr=1&tail=${count}`, undefined);
    let text = '';
    for (let at = 0; at + 8 <= bytes.length; ) {
      const length = bytes.readUInt32BE(at + 4);
      text += bytes.subarray(at + 8, at + 8 + length).toString('utf8');
      at += 8 + length;
    }
    return text;
  }

  /**
   * Runs a command in a running container, output thrown away.
   * @param {string} id
   * @param {string[]} argv
   * @returns {Promise<number>} its exit code
   */
  async exec(id, argv) {
    const { Id } = await this.ask('POST', `/containers/${id}/exec`, {
      Cmd: argv,
      AttachStdout: true,
      AttachStderr: true,
    });
    await this.ask('POST', `/exec/${Id}/start`, { Detach: false, Tty: false });
    const { ExitCode } = await this.ask('GET', `/exec/${Id}/json`);
    return ExitCode;
  }

  /** The engine's version, or undefined when none answers. */
  async version() {
    const answer = await this.ask('GET', '/version').catch(() => undefined);
    return /** @type {{ Version: string, ApiVersion: string, MinAPIVersion: string } | undefined} */ (answer);
  }

  /**
   * Imports a tar stream as an image without name. Its answers come one JSON per line; the last one tells the id.
   * @param {string} path
   * @param {import('node:stream').Readable} tar
   * @returns {Promise<string>} id
   */
  async import(path, tar) {
    const { status, text } = await this.#send('POST', path, tar);
    const last = parse(text.trim().split('\n').at(-1) ?? '');
    if (status >= 400 || !last?.status?.startsWith('sha256:')) throw new EngineError(status, `docker import: ${text}`);
    return last.status;
  }

  /**
   * Everything of one kind that carries all of `labels`.
   * @param {'containers' | 'networks' | 'volumes'} kind
   * @param {string[]} labels
   * @returns {Promise<any[]>}
   */
  async list(kind, labels) {
    const filters = encodeURIComponent(JSON.stringify({ label: labels }));
    const path = kind === 'containers' ? `/containers/json?all=1&filters=${filters}` : `/${kind}?filters=${filters}`;
    const answer = await this.ask('GET', path);
    return kind === 'volumes' ? (answer.Volumes ?? []) : answer;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @returns {Promise<{ status: number, bytes: Buffer, text: string }>}
   */
  #send(method, path, body) {
    return new Promise((resolve, reject) => {
      const isStream = body !== null && typeof body === 'object' && 'pipe' in body;
      const type = isStream ? 'application/x-tar' : 'application/json';
      const sent = request(
        { socketPath: this.socket, method, path, headers: body === undefined ? {} : { 'content-type': type } },
        (response) => {
          /** @type {Buffer[]} */
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({ status: response.statusCode ?? 0, bytes, text: bytes.toString('utf8') });
          });
        },
      );
      sent.on('error', reject);
      if (isStream) /** @type {import('node:stream').Readable} */ (body).on('error', reject).pipe(sent);
      else sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

export class EngineError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
