import type { FormationEntry } from '@berth/platform/formation/list-formation';
import { ref } from './app.js';

/** Heroku's `formation`. */
export function toWireFormation(
  formation: FormationEntry,
  app: { id: string; name: string; createdAt: Date; updatedAt: Date },
) {
  return {
    app: ref(app),
    command: formation.command,
    created_at: app.createdAt,
    dyno_size: { id: formation.size, name: toWireSize(formation.size) },
    id: `${app.id}:${formation.processType}`,
    quantity: formation.quantity,
    size: toWireSize(formation.size),
    type: formation.processType,
    updated_at: app.updatedAt,
  };
}

/** The CLI knows sizes by their exact names: `standard-1x` → `Standard-1X`. */
export const toWireSize = (size: string) =>
  size
    .split('-')
    .map((part) => (/^\d/.test(part) ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('-');
