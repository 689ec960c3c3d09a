import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import type { FakeSendGridOptions } from '../../../lib/testing/fake-sendgrid/options.js';
import type {
  RelayCommand,
  RelayOptions,
  RelayReport,
  RelaySettings,
  RelayStalls,
} from '../programs/messages.js';
import { Child } from './child.js';

/** Starts a program that lives as long as the test. */
export function startProgram(
  { onTestFinished }: TestContext,
  name: string,
  settings: object,
  execArgv?: string[],
): Child {
  const child = new Child(name, settings, execArgv);
  onTestFinished(() => child.stop());
  return child;
}

/** A fake relay in a process of its own. */
export class RelayProcess {
  readonly #child: Child;

  /** What leads to it. */
  readonly options: RelayOptions;

  private constructor(child: Child, options: RelayOptions) {
    this.#child = child;
    this.options = options;
  }

  static async start(
    test: TestContext,
    fake: FakeSendGridOptions,
    stalls: RelaySettings['stalls'] = [],
  ): Promise<RelayProcess> {
    const settings: RelaySettings = { fake, stalls };
    const child = startProgram(test, 'relay', settings);
    return new RelayProcess(child, await child.next<RelayOptions>());
  }

  /** Resolves once that many conversations have been stalled. */
  async whenStalled(count: number): Promise<void> {
    for (let stalled = -1; stalled < count; await sleep(50)) {
      this.#child.say('stalls');
      ({ stalled } = await this.#child.next<RelayStalls>());
    }
  }

  /** Tells it what to do; resolves with what it had seen by then. */
  async tell(command: Exclude<RelayCommand, 'stalls'>): Promise<RelayReport> {
    this.#child.say(command);
    return this.#child.next<RelayReport>();
  }
}
