import { Attempt } from './attempt.js';
import type { Fault, FaultPlan } from './faults.js';
import type { SoakMail } from './soak-mail.js';

/** What a server has seen and done: the other side of the client's ledger. */
export class SoakBook {
  readonly plan: FaultPlan;
  readonly mails: ReadonlyMap<number, SoakMail>;

  /** How often each fault has struck. */
  readonly struck = new Map<string, number>();

  /** What no client may do, as it was seen. */
  readonly findings: string[] = [];

  readonly #attempts = new Map<number, Attempt[]>();

  constructor(plan: FaultPlan, mails: readonly SoakMail[]) {
    this.plan = plan;
    this.mails = new Map(mails.map((mail) => [mail.id, mail]));
  }

  /** The attempts to deliver a message, in order. */
  attemptsOf(id: number): readonly Attempt[] {
    return this.#attempts.get(id) ?? [];
  }

  /** Opens an attempt and tells which fault is planned for it. */
  begin(
    id: number,
    connection: number,
  ): { attempt: Attempt; fault: Fault | undefined } {
    const attempts = this.#attempts.get(id) ?? [];
    const attempt = new Attempt(connection);
    attempts.push(attempt);
    this.#attempts.set(id, attempts);
    return { attempt, fault: this.plan.ofAttempt(id, attempts.length) };
  }

  strike(what: string): void {
    this.struck.set(what, (this.struck.get(what) ?? 0) + 1);
  }
}
