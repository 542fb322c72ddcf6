import { addOnServices, findService } from '@berth/domain/add-on-plans';
import { notFound } from '@berth/domain/errors';
import { attachAddOn } from '@berth/platform/add-ons/attach-add-on';
import { createAddOn } from '@berth/platform/add-ons/create-add-on';
import { destroyAddOn } from '@berth/platform/add-ons/destroy-add-on';
import { detachAddOn } from '@berth/platform/add-ons/detach-add-on';
import { getAddOn } from '@berth/platform/add-ons/get-add-on';
import { growVolume } from '@berth/platform/add-ons/grow-volume';
import { listAddOns } from '@berth/platform/add-ons/list-add-ons';
import { resolveAddOns, resolveAttachments } from '@berth/platform/add-ons/resolve-add-ons';
import { rotateCredentials } from '@berth/platform/add-ons/rotate-credentials';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireAddOn, toWireAddOnService, toWireAttachment, toWirePlan } from '../wire/add-on.js';
import { type AppRequest, appOf } from './apps.js';

/** Heroku takes a noun as its name or id, or as an object of either. */
const named = z.union([
  z.string(),
  z.object({ name: z.string() }).transform(({ name }) => name),
  z.object({ id: z.string() }).transform(({ id }) => id),
]);
const creation = z.object({
  plan: named,
  name: z.string().nullish(),
  attachment: z.object({ name: z.string().optional() }).nullish(),
  /** What the CLI takes behind the plan: `--path=/data` of a volume. */
  config: z.strictObject({ path: z.string().optional() }).nullish(),
});
const upgrade = z.object({ plan: named });
const attaching = z.object({ addon: named, app: named, name: z.string().nullish() });
const resolving = z.object({ addon: z.string(), app: z.string().nullish(), addon_service: z.string().nullish() });
const resolvingAttachment = z.object({
  addon_attachment: z.string(),
  app: z.string().nullish(),
  addon_service: z.string().nullish(),
});

type AddOnRequest = FastifyRequest<{ Params: { addon: string } }>;
type ServiceRequest = FastifyRequest<{ Params: { service: string } }>;

/** Heroku's add-ons, as far as there are any here. */
export function addAddOns(server: FastifyInstance, { platform }: Api): void {
  const listAttachments = async (of: { actor: { userId: string }; app?: string }) => {
    const attachments = (await listAddOns(platform, of)).flatMap((addOn) => addOn.attachments);
    const { app } = of;
    return attachments.filter((one) => app === undefined || one.app.name === app || one.app.id === app);
  };
  server.get('/addon-services', async () => addOnServices.map(toWireAddOnService));
  server.get('/addon-services/:service', async (request: ServiceRequest) =>
    toWireAddOnService(findService(request.params.service)),
  );
  server.get('/addon-services/:service/plans', async (request: ServiceRequest) => {
    const service = findService(request.params.service);
    return service.plans.map((plan) => toWirePlan(service, plan));
  });

  server.get('/addons', async (request) => (await listAddOns(platform, { actor: personOf(request) })).map(toWireAddOn));
  server.get('/addons/:addon', async (request: AddOnRequest) =>
    toWireAddOn(await getAddOn(platform, { actor: personOf(request), addOn: request.params.addon })),
  );
  server.get('/addons/:addon/addon-attachments', async (request: AddOnRequest) => {
    const addOn = await getAddOn(platform, { actor: personOf(request), addOn: request.params.addon });
    return addOn.attachments.map(toWireAttachment);
  });
  server.get('/apps/:app/addons', async (request: AppRequest) =>
    (await listAddOns(platform, appOf(request))).map(toWireAddOn),
  );
  server.post('/apps/:app/addons', async (request: AppRequest, reply) => {
    const { plan, name, attachment, config } = parseBody(creation, request);
    const wish = { plan, name: name ?? undefined, as: attachment?.name, path: config?.path };
    return reply.code(201).send(toWireAddOn(await createAddOn(platform, { ...appOf(request), ...wish })));
  });
  server.get('/apps/:app/addons/:addon', async (request: AppRequest<{ addon: string }>) => {
    const [addOn] = await resolveAddOns(platform, { ...appOf(request), addOn: request.params.addon });
    if (!addOn) throw notFound('add_on', request.params.addon);
    return toWireAddOn(addOn);
  });
  /** `heroku addons:upgrade`. */
  server.patch('/apps/:app/addons/:addon', async (request: AppRequest<{ addon: string }>) => {
    const { plan } = parseBody(upgrade, request);
    return toWireAddOn(await growVolume(platform, { actor: personOf(request), addOn: request.params.addon, plan }));
  });
  server.delete('/apps/:app/addons/:addon', async (request: AppRequest<{ addon: string }>) =>
    toWireAddOn(await destroyAddOn(platform, { actor: personOf(request), addOn: request.params.addon })),
  );

  /** Ours; Heroku's CLI asks its data API for this, at a host of which it takes no port. */
  server.post('/addons/:addon/actions/rotate-credentials', async (request: AddOnRequest) =>
    toWireAddOn(await rotateCredentials(platform, { actor: personOf(request), addOn: request.params.addon })),
  );

  server.get('/addon-attachments', async (request) =>
    (await listAttachments({ actor: personOf(request) })).map(toWireAttachment),
  );
  server.get('/apps/:app/addon-attachments', async (request: AppRequest) =>
    (await listAttachments(appOf(request))).map(toWireAttachment),
  );
  server.get('/apps/:app/addon-attachments/:attachment', async (request: AppRequest<{ attachment: string }>) => {
    const { attachment } = request.params;
    const [found] = await resolveAttachments(platform, { ...appOf(request), attachment });
    if (!found) throw notFound('add_on attachment', attachment);
    return toWireAttachment(found);
  });
  server.post('/addon-attachments', async (request, reply) => {
    const { addon: addOn, app, name } = parseBody(attaching, request);
    const made = await attachAddOn(platform, { actor: personOf(request), app, addOn, name: name ?? undefined });
    return reply.code(201).send(toWireAttachment(made));
  });
  server.delete('/addon-attachments/:attachment', async (request: FastifyRequest<{ Params: { attachment: string } }>) =>
    toWireAttachment(await detachAddOn(platform, { actor: personOf(request), ...request.params })),
  );
  addResolvers(server, platform);
}

/** What the CLI asks when a person names an add-on by one of its many words. */
function addResolvers(server: FastifyInstance, platform: Api['platform']): void {
  server.post('/actions/addons/resolve', async (request) => {
    const { addon: addOn, app, addon_service: service } = parseBody(resolving, request);
    const wanted = { actor: personOf(request), addOn, app: app ?? undefined, service: service ?? undefined };
    return (await resolveAddOns(platform, wanted)).map(toWireAddOn);
  });
  server.post('/actions/addon-attachments/resolve', async (request) => {
    const { addon_attachment: attachment, app, addon_service: service } = parseBody(resolvingAttachment, request);
    const wanted = { actor: personOf(request), attachment, app: app ?? undefined, service: service ?? undefined };
    return (await resolveAttachments(platform, wanted)).map(toWireAttachment);
  });
}
