import { addOnServices } from '@berth/domain/add-on-plans';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { attachmentVar } from '../config-layers/attached-vars.js';
import type { Platform } from '../platform.js';
import { type AddOnView, type AttachmentView, listAddOns } from './list-add-ons.js';

interface Wanted {
  actor: Actor;
  app?: string | undefined;
  /** Narrows to one service, by any of its names. */
  service?: string | undefined;
}

/**
 * The add-ons that a word of the CLI may mean: name or id, with an app also a service (and plan), an attachment or its
 * config var, `app::ATTACHMENT` too. At least one.
 */
export async function resolveAddOns(
  platform: Platform,
  { addOn: given, ...wanted }: Wanted & { addOn: string },
): Promise<AddOnView[]> {
  const { word, app } = split(given, wanted.app);
  const inApp = await listAddOns(platform, { actor: wanted.actor, app });
  const all = app === undefined ? inApp : await listAddOns(platform, { actor: wanted.actor });
  const named = all.filter(({ id, name }) => id === word || name === word);
  const found = named.length > 0 ? named : inApp.filter((one) => isMeant(one, word, app));
  const ofService = found.filter((one) => wanted.service === undefined || isOfService(one, wanted.service));
  if (ofService.length === 0) throw notFound('add_on', given);
  return ofService;
}

/** The attachments that a word of the CLI may mean: id, name or config var of one of the app's, or the add-on. At least one. */
export async function resolveAttachments(
  platform: Platform,
  { attachment: given, ...wanted }: Wanted & { attachment: string },
): Promise<AttachmentView[]> {
  const { word, app } = split(given, wanted.app);
  const addOns = await listAddOns(platform, { actor: wanted.actor, app });
  const found = addOns
    .filter((one) => wanted.service === undefined || isOfService(one, wanted.service))
    .flatMap((addOn) => addOn.attachments.map((one) => ({ one, addOn })))
    .filter(({ one }) => app === undefined || one.app.name === app || one.app.id === app)
    .filter(({ one, addOn }) => [one.id, one.name, attachmentVar(one.name), addOn.name, addOn.id].includes(word));
  if (found.length === 0) throw notFound('add_on attachment', given);
  return found.map(({ one }) => one);
}

function split(given: string, app: string | undefined): { word: string; app: string | undefined } {
  const [before, after] = given.split('::', 2);
  return after === undefined ? { word: given, app } : { word: after, app: before };
}

function isMeant(addOn: AddOnView, word: string, app: string | undefined): boolean {
  const [service = '', plan] = word.split(':', 2);
  if (isOfService(addOn, service)) return plan === undefined || plan === addOn.plan;
  return addOn.attachments
    .filter((one) => one.app.name === app || one.app.id === app)
    .some(({ name }) => name === word || attachmentVar(name) === word);
}

const isOfService = (addOn: AddOnView, service: string): boolean =>
  addOnServices.some(({ name, aliases }) => name === addOn.service && (name === service || aliases.includes(service)));
