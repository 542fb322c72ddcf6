/**
 * `heroku ps:exec` asks at this path of the platform's port (HEROKU_EXEC_URL) who it may be, and then speaks SSH to this port of
 * the host that the answer names, whatever is set.
 */
export const execPath = '/api/v2';
export const execPort = 80;
