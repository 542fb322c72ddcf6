/** Port on which apps/releaser is asked to wake an app, on the platform network only. */
export const wakePort = 7200;
