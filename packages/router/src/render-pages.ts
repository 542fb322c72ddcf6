/** Pages that the router answers with itself. Their text names what is wrong and whose move it is. */
interface Page {
  title: string;
  text: string;
}

const pages: Record<string, Page> = {
  unknown: { title: 'There’s nothing here, yet.', text: 'No app of this Berth has this host name.' },
  empty: { title: 'Nothing is running here, yet.', text: 'This app exists, but nothing was released to it so far.' },
  maintenance: { title: 'Offline for maintenance', text: 'This app will be back soon.' },
  asleep: { title: 'This app sleeps', text: 'Nobody has used it for a while. It wakes for people, not for bots.' },
  'not-awake': {
    title: 'This app did not wake up',
    text: 'It was asleep and could not be started in 25 seconds. Please try again; if it is yours, its log says more.',
  },
  forbidden: {
    title: 'Not from here',
    text: 'Internal names answer only callers that run in an environment of this Berth.',
  },
  link: {
    title: 'This link no longer holds',
    text: 'It has expired, or it is for another app or an environment that is gone. Whoever gave it to you can make a new one.',
  },
  'no-instance': {
    title: 'This app isn’t answering',
    text: 'None of its instances is up. If it is yours, its log says why.',
  },
  'bad-answer': {
    title: 'This app’s answer broke off',
    text: 'It closed the connection or sent something that is not HTTP. If it is yours, its log says more.',
  },
  timeout: { title: 'This app took too long', text: 'It did not start to answer in 30 seconds.' },
  'platform-down': { title: 'One moment', text: 'This part of Berth is starting or down. Please try again.' },
};

/** Name → a file for HAProxy's `lf-file`: a log-format string, so a literal % is doubled. */
export function renderPages(): Map<string, string> {
  return new Map(Object.entries(pages).map(([name, page]) => [name, renderPage(page)]));
}

function renderPage({ title, text }: Page): string {
  return `${html(title, text).replaceAll('%', '%%')}<p class="id">Request %[var(txn.id)]</p></main></body></html>\n`;
}

const html = (title: string, text: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>
:root{--ink:#1c1e26;--soft:#6a6f80;--paper:#fafafb;--line:#e4e5ea}
@media(prefers-color-scheme:dark){:root{--ink:#eceef4;--soft:#8f95a8;--paper:#14151a;--line:#2a2c35}}
html{height:100%}body{min-height:100%;margin:0;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:30rem;padding:2rem;margin:1rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;letter-spacing:-.01em}
p{margin:0;color:var(--soft)}.id{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);font:12px ui-monospace,monospace;overflow-wrap:anywhere}
</style></head><body><main><h1>${title}</h1><p>${text}</p>`;
