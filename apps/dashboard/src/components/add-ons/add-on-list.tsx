import type { AddOnView, AttachmentView } from '@berth/platform/add-ons/list-add-ons';
import type { AppView } from '@berth/platform/apps/app-view';
import type { VarOrigin } from '@berth/platform/config-vars/list-origins';
import Link from 'next/link';
import { addOnText } from '@/lib/plan-text';
import {
  destroyAddOnAction,
  detachAddOnAction,
  rotateCredentialsAction,
} from '../../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from '../action-button';
import { DestroyDialog } from '../destroy-dialog';
import { Card, Empty } from '../ui/card';
import { Status } from '../ui/status';
import { VarValue } from '../var-value';

interface Props {
  app: AppView;
  /** The app's config vars: the address of each attachment is one of them, without its value for who may not see it. */
  vars: readonly VarOrigin[];
  mayChange: boolean;
  mayDestroy: boolean;
}

/** The add-ons that an app has or that go with it: what they are, their addresses, and who else has them. */
export function AddOnList({ addOns, ...props }: Props & { addOns: readonly AddOnView[] }) {
  return (
    <Card title="Add-ons" hint="What is attached, detached or given a new password makes a release">
      {addOns.length === 0 && <Empty>No add-ons yet.</Empty>}
      <ul className="divide-y divide-line">
        {addOns.map((addOn) => (
          <AddOn key={addOn.id} addOn={addOn} {...props} />
        ))}
      </ul>
    </Card>
  );
}

function AddOn({ addOn, app, vars, mayChange, mayDestroy }: Props & { addOn: AddOnView }) {
  const { name, status, errorMessage, attachments } = addOn;
  return (
    <li className="space-y-2 px-5 py-4" data-add-on={name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium break-all">{name}</span>
        {status !== 'provisioned' && <Status status={status} />}
        <p className="w-full text-[13px] text-muted">{addOnText(addOn)}</p>
      </div>
      {errorMessage && <p className="text-[13px] text-bad">{errorMessage}</p>}
      {attachments
        .filter((one) => one.app.id === app.id)
        .map((one) => (
          <Attachment key={one.id} attachment={one} app={app} vars={vars} mayChange={mayChange} />
        ))}
      <Notes addOn={addOn} app={app} />
      <div className="flex flex-wrap gap-3 pt-1">
        {mayChange && addOn.mountPath === null && status === 'provisioned' && !addOn.isRotating && (
          <ActionButton
            action={rotateCredentialsAction.bind(null, app.name, name)}
            size="small"
            confirm={`Give ${name} a new password? Every app that has it gets a release.`}
          >
            Rotate credentials
          </ActionButton>
        )}
        {mayDestroy && (addOn.app === null || addOn.app.id === app.id) && (
          <DestroyDialog
            noun="add-on"
            name={name}
            size="small"
            text="Its data are removed for good; every app that has it gets a release without it."
            action={destroyAddOnAction.bind(null, app.name, name)}
          />
        )}
      </div>
    </li>
  );
}

function Attachment(props: { attachment: AttachmentView } & Omit<Props, 'mayDestroy'>) {
  const { attachment, app, vars, mayChange } = props;
  const key = `${attachment.name}_URL`;
  const value = vars.find((one) => one.key === key);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <code className="font-mono text-[13px] font-medium break-all">{key}</code>
      <VarValue value={value?.value ?? null} isSecret={value?.isSecret ?? true} />
      {mayChange && (
        <ActionButton
          action={detachAddOnAction.bind(null, app.name, attachment.id)}
          look="quiet"
          size="small"
          aria-label={`Detach ${key}`}
          confirm={`Detach ${key} from ${app.name}? The data stay, and it can be attached again.`}
        >
          Detach
        </ActionButton>
      )}
    </div>
  );
}

/** Where it is from, who else has it, and what is under way. */
function Notes({ addOn, app }: { addOn: AddOnView; app: AppView }) {
  const { app: of, attachments, copyOf, isRotating, wantedPlan } = addOn;
  const others = attachments.filter((one) => one.app.id !== app.id);
  const isAttached = others.length < attachments.length;
  return (
    <div className="text-[13px] text-muted">
      {!isAttached && <p>Not attached: the app does not have its address.</p>}
      {of && of.id !== app.id && (
        <p>
          It goes with <AppLink name={of.name} />, of which it is an add-on.
        </p>
      )}
      {copyOf && <p>A copy of {copyOf.name}.</p>}
      {others.length > 0 && (
        <p>
          Shared with{' '}
          {others.map((one, index) => (
            <span key={one.id}>
              {index > 0 && ', '}
              <AppLink name={one.app.name} /> as {one.name}_URL
            </span>
          ))}
        </p>
      )}
      {isRotating && <p>The older password is valid until no release with it runs.</p>}
      {wantedPlan && <p>It grows to {wantedPlan} as soon as no container that runs has it.</p>}
    </div>
  );
}

const AppLink = ({ name }: { name: string }) => (
  <Link href={`/apps/${name}/add-ons`} className="text-accent hover:underline">
    {name}
  </Link>
);
