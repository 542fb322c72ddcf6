import { wishKinds } from '@/lib/wish-of';
import { Input } from './ui/input';
import { Select } from './ui/select';

/** What an environment is to have of a service, in fields whose names end with the suffix; nothing typed is what the base runs. */
export function WishFields({ of, suffix = '' }: { of: string; suffix?: string }) {
  return (
    <div className="grid min-w-64 flex-1 grid-cols-[7.5rem_1fr] gap-2">
      <Select name={`kind${suffix}`} aria-label={`Kind of ${of}`}>
        {wishKinds.map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </Select>
      <Input
        name={`what${suffix}`}
        aria-label={`Branch, commit or release of ${of}`}
        autoComplete="off"
        placeholder="else as the base"
      />
    </div>
  );
}
