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

/** With it the CLI asks this API about a pipeline's repository, and no host of Heroku's. */
export const repositoriesFeature = 'dashboard-repositories-api';

/** Heroku's `account-feature`. */
export const toWireRepositoriesFeature = () => ({
  created_at: since,
  description: 'reviewapps: what a pipeline is built from is its own git remote',
  display_name: 'Repositories API',
  doc_url: 'https://devcenter.heroku.com/articles/github-integration-review-apps',
  enabled: true,
  feedback_email: '',
  id: '8b3f2c57-2d0a-4a9e-8a63-6a1d5f0f4c20',
  name: repositoriesFeature,
  state: 'general',
  updated_at: since,
});
