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
      const baggage = request.headers.baggage as string | undefined; // Node joins several lines
      response.end(JSON.stringify({ app, baggage } satisfies Hop));
      return true;
    },
  });
}
