import type { Handlers } from '@berth/jobs/work';
import { deprovisionAddOn } from './deprovision-add-on.js';
import { growVolume } from './grow-volume.js';
import { type Provisioner, provisionAddOn } from './provision-add-on.js';
import { rotateAddOn } from './rotate-add-on.js';

type AddOnJob = 'addon.provision' | 'addon.rotate' | 'addon.grow' | 'addon.deprovision';

/** Who works the jobs of add-ons. */
export const addOnHandlers = (releaser: Provisioner): Handlers<AddOnJob> => ({
  'addon.provision': (payload, context) => provisionAddOn(releaser, payload, context),
  'addon.rotate': (payload, context) => rotateAddOn(releaser, payload, context),
  'addon.grow': (payload, context) => growVolume(releaser, payload, context),
  'addon.deprovision': (payload, context) => deprovisionAddOn(releaser, payload, context),
});
