// A Haraka plugin: takes mail for example.com from whom has signed in over TLS
// and writes it to `<folder>/<local part>/new/<id>`.
'use strict';

const { createWriteStream, mkdirSync } = require('node:fs');
const { copyFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');

exports.hook_rcpt = function hookRcpt(next, connection, [recipient]) {
  const { host } = recipient;
  const known = connection.notes.auth_user === 'apikey';
  if (connection.tls.enabled && known && host === 'example.com') next(OK);
  else next(DENY);
};

// Mail of whom has signed in counts as outbound.
exports.hook_queue_outbound = function hookQueue(next, { transaction }) {
  const { folder } = this.config.get('maildir.ini').main;
  const paths = transaction.rcpt_to.map(({ user }) =>
    join(folder, user, 'new', transaction.uuid),
  );
  for (const path of paths) mkdirSync(dirname(path), { recursive: true });
  const [first, ...others] = paths;
  const file = createWriteStream(first);
  file.once('error', () => next(DENYSOFT));
  file.once('close', () => {
    Promise.all(others.map((path) => copyFile(first, path))).then(
      () => next(OK),
      () => next(DENYSOFT),
    );
  });
  transaction.message_stream.pipe(file);
};
