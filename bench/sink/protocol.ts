import type { Counts } from './counts.js';

/** How clients reach a sink: nothing is kept secret from the machine itself. */
export interface SinkPorts {
  readonly plain: number;

  /** STARTTLS, as on SendGrid's port 587. */
  readonly starttls: number;

  /** TLS from the first byte, as on SendGrid's port 465. */
  readonly implicit: number;

  /** The certificate's authority, PEM. */
  readonly ca: string;
}

/** What the sink's process tells its parent. */
export type SinkMessage =
  | { readonly kind: 'ready'; readonly ports: SinkPorts }
  | { readonly kind: 'counts'; readonly counts: Counts };
