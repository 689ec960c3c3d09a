import {
  Controller,
  UseGuards,
  VERSION_NEUTRAL,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { AccessGuard } from './access.guard.js';
import { MailboxController } from './mailbox.controller.js';

/** What the controller of a mailbox is made with. */
export interface ControllerSettings {
  readonly path: string;
  readonly guard: Type<CanActivate> | CanActivate | undefined;
  readonly decorators: readonly ClassDecorator[];
}

/** Makes the controller of one path. */
export function controllerAt({
  path,
  guard,
  decorators,
}: ControllerSettings): Type {
  const guards = guard === undefined ? [AccessGuard] : [AccessGuard, guard];

  @Controller({ path, version: VERSION_NEUTRAL })
  @UseGuards(...guards)
  class MailboxControllerAtPath extends MailboxController {}
  for (const decorate of decorators) decorate(MailboxControllerAtPath);
  return MailboxControllerAtPath;
}
