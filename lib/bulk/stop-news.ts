import type { SendTotals } from './send-totals.js';

/** The log line for a run that ended early for no wish of its caller's. */
export function stopNews(
  name: string,
  { stopped, settled, lowWatermark }: SendTotals,
): string | undefined {
  const why = reasonOf(stopped);
  if (why === undefined) return undefined;
  return `A run of ${name} has stopped, since ${why}. ${settled} of its messages have ended, and nothing is left to send up to index ${lowWatermark}: it can be resumed with index ${lowWatermark + 1}.`;
}

function reasonOf(stopped: SendTotals['stopped']): string | undefined {
  switch (stopped?.reason) {
    case 'account':
      return `nothing can be sent from the account (${stopped.error.message})`;
    case 'sender':
      return `a sender is refused (${stopped.error.message})`;
    case 'shutdown':
      return 'its mail service is closing';
    default:
      return undefined;
  }
}
