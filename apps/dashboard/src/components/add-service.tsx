import { ActionForm, type FormAction } from './action-form';
import { Button } from './ui/button';
import { Select } from './ui/select';
import { WishFields } from './wish-fields';

/** Gives a project environment one more service of its own. */
export function AddService({ services, action }: { services: readonly string[]; action: FormAction }) {
  if (services.length === 0) return null;
  return (
    <ActionForm action={action} className="flex flex-wrap items-center gap-2 border-t border-line p-5">
      <Select name="service" aria-label="Service to add" className="w-auto">
        {services.map((service) => (
          <option key={service}>{service}</option>
        ))}
      </Select>
      <WishFields of="the service to add" />
      <Button>Add service</Button>
    </ActionForm>
  );
}
