/** What the library does about a refusal. */
export const DOES = {
  pause:
    'Pauses the instance: what is queued is held, and costs no attempt; later urgent and normal sends fail with `ACCOUNT`. One probe after 1, 5, 15, then every 60 minutes finds recovery.',
  refuse:
    'Fails sends at once with `ACCOUNT`. Connections that are open work on; the key is tried again after 1, 5, 15, then every 60 minutes, and as soon as it has changed.',
  pauseSender:
    'Rejects with `SENDER`, and pauses this From address only: its messages fail at once, but for one after 1, 5, 15, then every 60 minutes. Others are sent on.',
  backOff:
    'Opens no connection for a moment, longer each time. Connections that are open work on, and what waits is kept.',
  move: 'Leaves the connection, and sends the message over another. As the answer to the message itself, it costs an attempt.',
  retry:
    'Tries again after growing pauses, as `retry` says; rejects with `REJECTED` when no attempt helped.',
  reject: 'Rejects with `REJECTED`, and never tries again.',
  retryRecipient:
    'Sends to the other recipients, and tries this one again after growing pauses; rejects with `REJECTED` when none was accepted in the end.',
  rejectRecipient:
    'Sends to the other recipients; rejects with `REJECTED` when none was accepted in the end.',
} as const;

/** What the developer can do, where several replies ask for the same. */
export const ADVICE = {
  checkKey:
    'Check that the key exists, is complete (the whole of `SG.<id>.<secret>`, not its ID), has the Mail Send permission and belongs to this region.',
  logIn:
    'Check that `apiKey` is set, and that no proxy stands between the application and SendGrid.',
  askSupport:
    'Look for a notice in the SendGrid console, and ask SendGrid support about the reply.',
  later: 'The refusal is temporary: send it again later.',
  unchanged: 'Sending it again unchanged will be refused again.',
  nothing:
    'Nothing, unless it goes on: then look at https://status.sendgrid.com.',
} as const;
