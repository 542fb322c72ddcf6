import Form from 'next/form';
import { Button } from './ui/button';
import { Input } from './ui/input';

/** Looks for a part of a name: the page again with `?<name>=…`; `kept` stays in its address. */
export function SearchField(props: {
  path: string;
  name: string;
  value: string;
  label: string;
  kept?: Record<string, string>;
}) {
  const { path, name, value, label, kept = {} } = props;
  return (
    <Form action={path} className="flex w-full gap-2 sm:w-auto" role="search">
      {Object.entries(kept).map(([key, text]) => (
        <input key={key} type="hidden" name={key} value={text} />
      ))}
      <Input
        name={name}
        type="search"
        defaultValue={value}
        aria-label={label}
        placeholder={label}
        className="h-8 sm:w-56"
      />
      <Button size="small">Search</Button>
    </Form>
  );
}
