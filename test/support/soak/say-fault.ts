import type { Fault, FaultKind } from './faults.js';
import type { ReplyWire } from './reply-wire.js';

/** The reply lines of the faults that are no more than a reply. */
const LINES: Partial<Record<FaultKind, string>> = {
  temporary: '451 4.3.0 later',
  permanent: '550 5.7.1 no',
  lenient: '550 5.7.1 no',
  closing: '421 4.3.2 closing',
  garbage: 'what?',
  mixed: '250-one\r\n451 two',
};

/** The code with which a fault refuses, if it does. */
export function refusalCode({ kind }: Fault): number {
  return Number(LINES[kind]?.slice(0, 3));
}

/** Does what a fault does to the connection, in place of the usual reply. */
export function sayFault(wire: ReplyWire, fault: Fault, usual: string): void {
  const line = LINES[fault.kind];
  if (line !== undefined) wire.say(line);
  switch (fault.kind) {
    case 'slow':
      return wire.saySlowly(usual);
    case 'lines':
      return wire.sayInLines(usual);
    case 'odd':
      return wire.say(usual.startsWith('354') ? '250 odd' : '354 odd');
    case 'garbage':
    case 'mixed':
    case 'stall':
      return wire.fallSilent();
    case 'half':
      return wire.sayHalf(usual);
    case 'reset':
      return wire.reset();
    case 'closing':
    case 'end':
      return wire.end();
    // What is left out is just not said.
    default:
  }
}
