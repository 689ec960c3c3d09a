import {
  ForbiddenException,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { MAILBOX_RESOLVED } from '../mailbox-tokens.js';
import type { ResolvedMailboxOptions } from '../options/resolve-mailbox-options.js';
import { refusalOf } from './access.js';
import { nodeRequest, type PlatformRequest } from './platform.js';

/** Lets only those to the mailbox who may see mail: all others get 403. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #options: ResolvedMailboxOptions;

  constructor(@Inject(MAILBOX_RESOLVED) options: ResolvedMailboxOptions) {
    this.#options = options;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    const { method = '', socket, headers } = nodeRequest(request);
    // HTTP/2 has another name for it.
    const host = headers.host ?? [headers[':authority']].flat()[0];
    const visit = { method, address: socket.remoteAddress, host, headers };
    const refusal = refusalOf(visit, this.#options);
    if (refusal === undefined) return true;
    throw new ForbiddenException(refusal);
  }
}
