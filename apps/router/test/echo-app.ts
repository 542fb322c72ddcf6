import { startApp } from './app-server.js';

/** What one hop of a chain saw. */
export interface Hop {
  app: string;
  baggage: string | undefined;
}

/** An app that answers with its name and the baggage that came with the request. */
export function startEcho(app: string) {
  return startApp(app, {
    handle: (request, response) => {
      if (request.headers['user-agent'] === 'berth-health') return false;
      request.resume();
      response.end(JSON.stringify({ app, baggage: request.headers.baggage } satisfies Hop));
      return true;
    },
  });
}
