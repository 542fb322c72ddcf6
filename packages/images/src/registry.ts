import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TransientError } from '@berth/domain/errors';
import { Agent, type Dispatcher } from 'undici';
import { askToken } from './ask-token.js';
import { digestOf } from './digest.js';
import type { BlobData } from './layer.js';
import { cacheTokens, type RegistryAccess, type RegistryAuthorizer } from './token-cache.js';
import { registryService } from './token-signer.js';

/** A manifest as the registry keeps it. */
export interface StoredManifest {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

export interface RegistryOptions {
  /** e.g. http://registry:5000 */
  url: string;
  /** Who gives the Authorization headers; without it none are sent. */
  authorizer?: RegistryAuthorizer | undefined;
  /** Runs a push (blobs and their manifest) while the registry's blobs are not being collected, after waiting if need be. */
  gate?: PushGate | undefined;
}

export type PushGate = <T>(repository: string, push: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Media types that Docker ≥ 20.10 pulls (OCI image specification 1.0). */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** Lists of images for several platforms. */
export const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const imageTypes = [mediaTypes.manifest, 'application/vnd.docker.distribution.manifest.v2+json'];
const acceptedManifests = [...imageTypes, ...indexTypes].join(', ');
/** Sending fewer bytes takes less time than the question whether they are there. */
const askedFromBytes = 32 * 1024;
const manifestBytesMax = 4 * 1024 * 1024;

/**
 * The distribution API over plain HTTP (OCI distribution specification 1.1). Answers that make no sense and lost
 * connections are TransientErrors; "not there" is `undefined` or `false`.
 */
export class Registry {
  readonly #origin: URL;
  readonly #agent = new Agent({ connections: 16, keepAliveTimeout: 30_000, headersTimeout: 120_000 });
  readonly #authorizer: RegistryAuthorizer | undefined;
  readonly #gate: PushGate;

  constructor(options: RegistryOptions) {
    this.#origin = new URL(options.url);
    this.#authorizer = options.authorizer;
    this.#gate = options.gate ?? ((_repository, push) => push());
  }

  /**
   * For what uploads blobs and then the manifest that refers to them: in between, nothing else keeps the blobs from being
   * collected. A blob that is to stay without a manifest does not exist. Never within another: a window that opens in between
   * would wait for the outer one, which waits for the inner one, which waits for the window. What waits ends with `signal`.
   */
  asPush<T>(repository: string, push: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#gate(repository, push, signal);
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const answer = await this.#request(repository, 'HEAD', `/v2/${repository}/blobs/${digest}`);
    await answer.body.dump();
    return this.#isFound(answer, 'HEAD blob');
  }

  /** The bytes of a blob as a stream, or undefined. */
  async getBlob(repository: string, digest: string): Promise<Readable | undefined> {
    const answer = await this.#request(repository, 'GET', `/v2/${repository}/blobs/${digest}`);
    if (this.#isFound(answer, 'GET blob')) return answer.body;
    await answer.body.dump();
    return undefined;
  }

  /** Uploads in one piece unless it is there already; a small one is sent without asking. Idempotent. */
  async putBlob(repository: string, blob: { digest: string; sizeBytes: number; data: BlobData }): Promise<void> {
    if (blob.sizeBytes > askedFromBytes && (await this.hasBlob(repository, blob.digest))) return;
    const location = await this.#startUpload(repository);
    location.searchParams.set('digest', blob.digest);
    const body = await openBlob(blob.data);
    const answer = await this.#request(repository, 'PUT', `${location.pathname}${location.search}`, {
      body,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.sizeBytes) },
    });
    await this.#expect(answer, 201, `upload of ${blob.digest}`);
  }

  /**
   * Makes a blob of another repository known in this one; false when it is not there. The registry has then begun an upload
   * (202) and forgets it in a week: to end it takes the right to delete, which who pushes does not have.
   */
  async mountBlob(repository: string, digest: string, from: string): Promise<boolean> {
    const query = new URLSearchParams({ mount: digest, from });
    const answer = await this.#request(repository, 'POST', `/v2/${repository}/blobs/uploads/?${query}`, { from });
    await answer.body.dump();
    if (answer.statusCode === 201) return true;
    if (answer.statusCode !== 202) throw new TransientError(`registry: mount answered ${answer.statusCode}`);
    return false;
  }

  /** By tag or digest. */
  async getManifest(repository: string, reference: string): Promise<StoredManifest | undefined> {
    const answer = await this.#request(repository, 'GET', `/v2/${repository}/manifests/${reference}`, {
      headers: { accept: acceptedManifests },
    });
    if (!this.#isFound(answer, 'GET manifest')) {
      await answer.body.dump();
      return undefined;
    }
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (bytes.length > manifestBytesMax) throw new Error(`registry: manifest of ${bytes.length} bytes`);
    return { digest: digestOf(bytes), mediaType: String(answer.headers['content-type']), bytes };
  }

  /** Stores a manifest under a tag (or its digest) and returns its digest. All its blobs must be in the repository. */
  async putManifest(repository: string, reference: string, mediaType: string, bytes: Buffer): Promise<string> {
    const answer = await this.#request(repository, 'PUT', `/v2/${repository}/manifests/${reference}`, {
      body: bytes,
      headers: { 'content-type': mediaType },
    });
    await this.#expect(answer, 201, `manifest ${repository}:${reference}`);
    return digestOf(bytes);
  }

  /** Forgets a manifest and every tag on it; false when it was not there. Its blobs stay until they are collected. */
  async deleteManifest(repository: string, digest: string): Promise<boolean> {
    const answer = await this.#request(repository, 'DELETE', `/v2/${repository}/manifests/${digest}`);
    if (answer.statusCode === 404) {
      await answer.body.dump();
      return false;
    }
    await this.#expect(answer, 202, `delete of ${repository}@${digest}`);
    return true;
  }

  async listTags(repository: string): Promise<string[]> {
    const answer = await this.#request(repository, 'GET', `/v2/${repository}/tags/list`);
    if (!this.#isFound(answer, 'GET tags')) {
      await answer.body.dump();
      return [];
    }
    return ((await answer.body.json()) as { tags: string[] | null }).tags ?? [];
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #startUpload(repository: string): Promise<URL> {
    const answer = await this.#request(repository, 'POST', `/v2/${repository}/blobs/uploads/`);
    await this.#expect(answer, 202, `upload to ${repository}`);
    return this.#locationOf(answer);
  }

  /** Only path and query are used: the registry may know itself by another host name than we do. */
  #locationOf(answer: Dispatcher.ResponseData): URL {
    return new URL(String(answer.headers.location), this.#origin);
  }

  #isFound(answer: Dispatcher.ResponseData, what: string): boolean {
    if (answer.statusCode === 404) return false;
    if (answer.statusCode === 200) return true;
    throw new TransientError(`registry: ${what} answered ${answer.statusCode}`);
  }

  async #expect(answer: Dispatcher.ResponseData, status: number, what: string): Promise<void> {
    const text = await answer.body.text();
    if (answer.statusCode !== status)
      throw new TransientError(`registry: ${what} answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  }

  async #request(
    repository: string,
    method: 'HEAD' | 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    options: { body?: Buffer | Readable; headers?: Record<string, string>; from?: string } = {},
  ): Promise<Dispatcher.ResponseData> {
    const access: RegistryAccess[] = [{ repository, action: actionOf[method] }];
    if (options.from !== undefined) access.push({ repository: options.from, action: 'pull' });
    const authorization = await this.#authorizer?.authorize(access);
    const send = () =>
      this.#agent.request({
        origin: this.#origin.origin,
        path,
        method,
        headers: { ...options.headers, ...(authorization ? { authorization } : {}) },
        ...(options.body ? { body: options.body } : {}),
      });
    const isRepeatable = !options.body || Buffer.isBuffer(options.body);
    // A kept-alive connection may have been closed by the other side just now: once more on a new one.
    const answer = await send()
      .catch((error) => {
        if (!isRepeatable) throw error;
        return send();
      })
      .catch((error) => {
        throw new TransientError(`registry: ${method} ${path}: ${error}`, { cause: error });
      });
    if (answer.statusCode === 401) this.#authorizer?.forget();
    return answer;
  }
}

function openBlob(data: BlobData): Buffer | Readable | Promise<Readable> {
  if (data.kind === 'stream') return data.open();
  return data.kind === 'memory' ? data.bytes : createReadStream(data.path);
}

const actionOf = { HEAD: 'pull', GET: 'pull', POST: 'push', PUT: 'push', DELETE: 'delete' } as const;

/** Our own registry. @param settings `tokenUrl`: the token server with our name and secret in it; undefined for one without sign-in */
export function openRegistry(settings: { url: string; tokenUrl?: string | undefined; gate?: PushGate }): Registry {
  const { url, tokenUrl, gate } = settings;
  const ask = (server: string) => cacheTokens((scopes) => askToken(server, registryService, scopes));
  return new Registry({ url, gate, authorizer: tokenUrl === undefined ? undefined : ask(tokenUrl) });
}
