import {
  ForbiddenException,
  Inject,
  Injectable,
  InternalServerErrorException,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Complaints } from '../intake/complaints.js';
import type { ResolvedWebhookOptions } from '../options/resolve-webhook-options.js';
import {
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
  verifySignature,
} from '../signature/verify-signature.js';
import { WEBHOOK_RESOLVED } from '../webhook-tokens.js';
import { RawBodies, type PlatformRequest } from './raw-bodies.js';

/** Lets posts pass that SendGrid has signed: 401 without a signature, 403 for a wrong one. */
@Injectable()
export class SignatureGuard implements CanActivate {
  readonly #options: ResolvedWebhookOptions;
  readonly #bodies: RawBodies;
  readonly #complaints: Complaints;

  constructor(
    @Inject(WEBHOOK_RESOLVED) options: ResolvedWebhookOptions,
    @Inject(RawBodies) bodies: RawBodies,
    @Inject(Complaints) complaints: Complaints,
  ) {
    this.#options = options;
    this.#bodies = bodies;
    this.#complaints = complaints;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    const signature = headerOf(request, SIGNATURE_HEADER);
    const timestamp = headerOf(request, TIMESTAMP_HEADER);
    if (signature === undefined || timestamp === undefined) {
      throw new UnauthorizedException('The post is not signed.');
    }
    const body = this.#bodies.of(request);
    if (body === undefined) throw this.#noBody();
    const post = { signature, timestamp, body };
    if (!verifySignature(post, this.#options.keys)) {
      throw this.#refused('no key in `publicKeys` has signed it');
    }
    if (this.#isTooOld(timestamp)) {
      throw this.#refused('it was signed outside of `replayWindowMs`');
    }
    return true;
  }

  #isTooOld(timestamp: string): boolean {
    const { replayWindowMs } = this.#options;
    if (replayWindowMs === undefined) return false;
    const ageMs = Math.abs(Date.now() - Number(timestamp) * 1000);
    // Also for what is no number.
    return !(ageMs <= replayWindowMs);
  }

  #refused(why: string): ForbiddenException {
    this.#complaints.failed('Taking a post', why);
    return new ForbiddenException('The signature is not valid.');
  }

  #noBody(): InternalServerErrorException {
    this.#complaints.failed(
      'Taking a post',
      'its raw body is not there: something has read the request before, and ' +
        'has not kept the bytes as `rawBody`',
    );
    return new InternalServerErrorException();
  }
}

/** Its one value: Node joins several of a header of this kind with commas. */
function headerOf(
  { headers }: PlatformRequest,
  name: string,
): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
