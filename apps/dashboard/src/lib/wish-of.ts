import type { ServiceWish } from '@berth/platform/projects/find-wish';

/** What an environment is to have of a service, as components/wish-fields offers it. */
export const wishKinds = ['branch', 'commit', 'release'] as const;

/** What components/wish-fields sends: `kind` and `what`, each with the suffix; without a text it is as the base. */
export function wishOf(form: FormData, service: string, suffix = ''): ServiceWish {
  const text = String(form.get(`what${suffix}`) ?? '').trim();
  const kind = wishKinds.find((one) => one === form.get(`kind${suffix}`));
  return { service, ...(text && kind && { [kind]: text }) };
}
