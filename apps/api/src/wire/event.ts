import type { EventView } from '@berth/platform/events/list-events';

/** Our own `event`: one thing that happened, in the past tense. Its id is a number that grows, as text. */
export function toWireEvent(event: EventView) {
  return {
    app: event.appId ? { id: event.appId } : null,
    created_at: event.createdAt,
    data: event.data,
    id: event.id,
    name: event.name,
    subject: { id: event.nounId, type: event.noun },
    user: event.userId ? { id: event.userId } : null,
  };
}
