/** A caller's id is kept when it is sane (Heroku's rule: 20 to 200 characters), else one is made. */
export const requestIdRules = [
  '  http-request set-var(txn.id) req.hdr(x-request-id) if { req.hdr(x-request-id) -m reg ^[A-Za-z0-9+/=_-]{20,200}$ }',
  '  http-request set-var(txn.id) uuid() unless { var(txn.id) -m found }',
  '  http-request set-header X-Request-Id %[var(txn.id)]',
];
