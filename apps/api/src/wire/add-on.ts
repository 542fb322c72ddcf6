import { createHash } from 'node:crypto';
import { type AddOnPlan, type AddOnService, findService, parsePlan } from '@berth/domain/add-on-plans';
import type { AddOnView, AttachmentView } from '@berth/platform/add-ons/list-add-ons';
import { ref } from './app.js';

const since = '2026-11-21T00:00:00Z';
/** Everything on this host is the team's own already. */
const price = { cents: 0, contract: false, metered: false, unit: 'month' };

/** Heroku's `addon-service`. Its id is made of its name: it is no row. */
export function toWireAddOnService({ name, humanName }: AddOnService) {
  return {
    ...{ id: idOf(name), name, human_name: humanName, state: 'ga', cli_plugin_name: null },
    ...{ created_at: since, updated_at: since, supports_multiple_installations: true, supports_sharing: true },
  };
}

/** Heroku's `plan`. */
export function toWirePlan(service: AddOnService, plan: AddOnPlan) {
  const name = `${service.name}:${plan.name}`;
  return {
    ...{ id: idOf(name), name, human_name: plan.humanName, description: plan.humanName, price, state: 'public' },
    ...{ addon_service: { id: idOf(service.name), name: service.name }, default: plan === service.plans[0] },
    ...{ visible: true, space_default: false, compliance: null, created_at: since, updated_at: since },
    ...{ installable_inside_private_network: false, installable_outside_private_network: true },
  };
}

/** Heroku knows no failed one: `addons:wait` gives up at a deprovisioned one. */
const states = {
  ...{ provisioning: 'provisioning', provisioned: 'provisioned' },
  ...{ failed: 'deprovisioned', deprovisioning: 'deprovisioned' },
} as const;

/** Heroku's `add-on`, with what went wrong. */
export function toWireAddOn(addOn: AddOnView) {
  const service = findService(addOn.service);
  const { plan } = parsePlan(`${addOn.service}:${addOn.plan}`);
  return {
    actions: [],
    addon_service: toWireAddOnService(service),
    app: addOn.app && ref(addOn.app),
    attachments: addOn.attachments.map(({ id, name, app }) => ({ id, name, app: ref(app) })),
    billed_price: price,
    billing_entity: addOn.app && { ...ref(addOn.app), type: 'app' },
    config_vars: addOn.configVars,
    created_at: addOn.createdAt,
    id: addOn.id,
    name: addOn.name,
    plan: toWirePlan(service, plan),
    provider_id: addOn.id,
    provision_message: addOn.errorMessage ?? waitsFor(addOn),
    state: states[addOn.status],
    updated_at: addOn.updatedAt,
    web_url: null,
    // ours
    status: addOn.status,
    database: addOn.database,
    path: addOn.mountPath,
    wanted_plan: addOn.wantedPlan,
    copy_of: addOn.copyOf,
    rotating: addOn.isRotating,
  };
}

/** What `heroku addons:upgrade` prints. */
const waitsFor = ({ wantedPlan }: AddOnView) =>
  wantedPlan &&
  `It grows to ${wantedPlan} as soon as no container that runs has it: put its app to sleep or scale it to 0.`;

/** Heroku's `add-on-attachment`; the CLI asks for plan and config vars of its add-on by a header, here they are always there. */
export function toWireAttachment({ id, name, app, addOn, createdAt }: AttachmentView) {
  return {
    addon: {
      ...ref(addOn),
      app: addOn.app && ref(addOn.app),
      plan: { name: addOn.plan },
      config_vars: [`${name}_URL`],
    },
    app: ref(app),
    config_vars: [`${name}_URL`],
    created_at: createdAt,
    id,
    log_input_url: null,
    name,
    namespace: null,
    updated_at: createdAt,
    web_url: null,
  };
}

function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
