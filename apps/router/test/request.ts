import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * One HTTP request to a port of this host, for a host name that no resolver knows. Rejects when the connection breaks. On a connection
 * of its own: one that was kept would break where a reload of HAProxy closes it in the moment it is used again.
 */
export function request(
  port: number,
  host: string,
  options: RequestOptions & { body?: string | Buffer } = {},
): Promise<Answer> {
  const { body, headers, ...others } = options;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { agent: false, host: '127.0.0.1', port, headers: { host, ...(headers as Record<string, string>) }, ...others },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
