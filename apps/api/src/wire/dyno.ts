import type { InstanceView } from '@berth/platform/instances/list-instances';
import { ref } from './app.js';
import { toWireSize } from './formation.js';

/** Heroku's `dyno`. */
export function toWireDyno(instance: InstanceView, app: { id: string; name: string }) {
  return {
    app: ref(app),
    attach_url: null,
    command: instance.command,
    created_at: instance.createdAt,
    id: instance.id,
    name: instance.name,
    release: { id: instance.releaseId, version: instance.releaseVersion },
    size: toWireSize(instance.size),
    // Heroku has no word for a dyno that is being stopped
    state: instance.state === 'stopping' ? 'down' : instance.state,
    type: instance.processType,
    updated_at: instance.updatedAt,
    // ours
    message: instance.message,
  };
}
