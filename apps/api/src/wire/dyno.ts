import type { InstanceView } from '@berth/platform/instances/list-instances';
import type { OneOffView } from '@berth/platform/one-offs/list-one-offs';
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

/** The same for a one-off command. `attachUrl`: where its input and output are, for who asked for it. */
export function toWireOneOff(oneOff: OneOffView, app: { id: string; name: string }, attachUrl: string | null = null) {
  const { id, name, command, status, message } = oneOff;
  return {
    ...{ app: ref(app), attach_url: attachUrl, command, id, name, message },
    created_at: oneOff.createdAt,
    release: oneOff.release,
    size: toWireSize(oneOff.size),
    state: status === 'pending' ? 'starting' : status === 'running' ? 'up' : 'down',
    type: oneOff.processType,
    updated_at: oneOff.updatedAt,
  };
}
