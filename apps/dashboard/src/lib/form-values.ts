import { UserError } from '@berth/domain/errors';
import { type Quota, quota } from '@berth/domain/quota';

export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** Null: the field is empty. What is no number is refused. */
export function numberOf(form: FormData, name: string): number | null {
  const text = textOf(form, name);
  if (text === '') return null;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new UserError('invalid_params', `${text} is not a number.`);
  return number;
}

/** What components/windows-field sends: times of the week, which the use case checks. */
export const windowsOf = (form: FormData, name: string) => JSON.parse(textOf(form, name) || '[]');

/** The limits of a quota; a field that is left empty is none. */
export function limitsOf(form: FormData, names: readonly (keyof Quota)[]): Quota {
  const given = names.flatMap((name) => {
    const limit = numberOf(form, name);
    return limit === null ? [] : [[name, limit]];
  });
  const parsed = quota.safeParse(Object.fromEntries(given));
  if (!parsed.success)
    throw new UserError('invalid_params', 'A limit is a number from 0 on; only CPUs may have a part.');
  return parsed.data;
}
