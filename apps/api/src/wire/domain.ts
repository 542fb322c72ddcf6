import type { AppView } from '@berth/platform/apps/get-app';
import { ref } from './app.js';

/** Heroku's `domain`, for the host name that every app has by itself. */
export function toWireDefaultDomain(app: AppView) {
  return {
    acm_status: null,
    acm_status_reason: null,
    app: ref(app),
    cname: null,
    created_at: app.createdAt,
    hostname: new URL(app.webUrl).hostname,
    id: app.id,
    kind: 'heroku',
    sni_endpoint: null,
    status: 'succeeded',
    updated_at: app.createdAt,
  };
}
