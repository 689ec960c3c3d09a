import {
  Controller,
  HttpCode,
  Inject,
  Post,
  Req,
  ServiceUnavailableException,
  UseGuards,
  VERSION_NEUTRAL,
  type Type,
} from '@nestjs/common';
import { SendGridWebhook } from '../sendgrid-webhook.js';
import { RawBodies, type PlatformRequest } from './raw-bodies.js';
import { SignatureGuard } from './signature.guard.js';

/** Makes the controller of one path. */
export function controllerAt(
  path: string,
  decorators: readonly ClassDecorator[],
): Type {
  @Controller({ path, version: VERSION_NEUTRAL })
  class SendGridWebhookController {
    readonly #webhook: SendGridWebhook;
    readonly #bodies: RawBodies;

    constructor(
      @Inject(SendGridWebhook) webhook: SendGridWebhook,
      @Inject(RawBodies) bodies: RawBodies,
    ) {
      this.#webhook = webhook;
      this.#bodies = bodies;
    }

    /** Answers at once: what a post tells is handled afterwards. */
    @Post()
    @HttpCode(204)
    @UseGuards(SignatureGuard)
    take(@Req() request: PlatformRequest): void {
      const body = this.#bodies.of(request);
      if (body !== undefined && this.#webhook.take(body)) return;
      throw new ServiceUnavailableException('Too many events wait.');
    }
  }
  for (const decorate of decorators) decorate(SendGridWebhookController);
  return SendGridWebhookController;
}
