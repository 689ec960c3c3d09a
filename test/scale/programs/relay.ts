// A fake relay in a process of its own: sends the options that lead to it, and
// a report for every command.
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import type {
  RelayCommand,
  RelayReport,
  RelaySettings,
  RelayStalls,
} from './messages.js';
import { answerParent, parentSettings } from './parent.js';

// The parent writes them from a value of this type.
const { fake, stalls = [] } = parentSettings() as RelaySettings;
let relay = await FakeSendGrid.start(fake);
let stalled = 0;

for (const { at, sender: start } of stalls) {
  relay.fail(at, 'stall', {
    times: Infinity,
    when: ({ sender = '' }) => {
      const strikes = sender.startsWith(start);
      if (strikes) stalled += 1;
      return strikes;
    },
  });
}

async function obey(command: RelayCommand): Promise<RelayReport | RelayStalls> {
  if (command === 'stalls') return { stalled };
  const report = reportOf(relay);
  if (command === 'release') {
    relay.clear();
    relay.release();
  } else if (command === 'replace') {
    const { port, options } = relay;
    await relay.stop();
    relay = await FakeSendGrid.start({ ...fake, port, apiKey: options.apiKey });
  }
  return report;
}

function reportOf({
  counters,
  connections,
  messages,
}: FakeSendGrid): RelayReport {
  return {
    counters,
    connections,
    messages: messages.map(({ envelope, connection }) => ({
      sender: envelope.from,
      connection,
    })),
  };
}

answerParent(relay.options, obey);
