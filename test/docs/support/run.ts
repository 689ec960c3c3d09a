/** Loads a block as a module: with what it exports, as the caller says. */
export type Load = <Exports = unknown>() => Promise<Exports>;

/** What running a block has to show. It is given the block not yet loaded. */
export type Run = (load: Load) => Promise<void>;

/** Why a block is not run here. */
export interface NotRun {
  readonly because: string;
}

/** A page's blocks by their names. */
export type Runs = Readonly<Record<string, Run | NotRun>>;

/** Its own `it` are the tests. */
export const IS_A_TEST: NotRun = { because: 'it is a test itself' };

/** Run by test/outbox/docs.spec.ts. */
export const NEEDS_A_STORE: NotRun = {
  because: 'it needs Redis or PostgreSQL',
};
