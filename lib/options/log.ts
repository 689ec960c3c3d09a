/** Where the layers below the face report to; the face backs it with Nest's Logger. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

/** Says nothing. */
export const SILENT: Log = {
  info: () => undefined,
  warn: () => undefined,
};
