/** When this API first had it; Heroku's schema wants a time. */
const since = '2026-11-22T00:00:00Z';

/** Heroku's name of `heroku ps:exec`. */
export const execFeature = 'runtime-heroku-exec';

/** Heroku's `app-feature`. */
export const toWireExecFeature = () => ({
  created_at: since,
  description: 'heroku ps:exec: a shell beside a process',
  display_name: 'Heroku Exec',
  doc_url: 'https://devcenter.heroku.com/articles/exec',
  enabled: true,
  feedback_email: '',
  id: '5d0d4b0e-6a7c-4f0b-9a53-0c1f7c9a8e11',
  name: execFeature,
  state: 'general',
  updated_at: since,
});
