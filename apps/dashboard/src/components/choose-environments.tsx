import Form from 'next/form';
import { Button } from './ui/button';
import { Field } from './ui/input';
import { Select } from './ui/select';

/** Two environments to look at beside each other: the page again with `?from=…&to=…`. */
export function ChooseEnvironments(props: { path: string; names: readonly string[]; from: string; to: string }) {
  const { path, names, from, to } = props;
  const field = (name: 'from' | 'to', label: string, value: string) => (
    <div className="flex-1 basis-36 sm:max-w-64">
      <Field label={label}>
        <Select name={name} key={value} defaultValue={value}>
          {names.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </Field>
    </div>
  );
  return (
    <Form action={path} className="flex flex-wrap items-end gap-3">
      {field('from', 'Environment', from)}
      {field('to', 'beside', to)}
      <Button>Compare</Button>
    </Form>
  );
}
