import {
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Entry } from '../mail/entry.js';
import { shownHtml } from '../mail/shown-html.js';
import { Mailbox } from '../mailbox.js';
import { MAILBOX_PATH } from '../mailbox-tokens.js';
import { PoolView } from '../pool/pool-view.js';
import { respond, respondJson } from './answer.js';
import { attachmentAnswer, sourceAnswer } from './file-answer.js';
import { LiveStreams } from './live-streams.js';
import { messageQuery } from './message-query.js';
import { fileAnswer, pageAnswer, pathAnswer } from './page-files.js';
import {
  nodeRequest,
  nodeResponse,
  type PlatformReply,
  type PlatformRequest,
} from './platform.js';
import { htmlPolicy } from './policies.js';
import { whenAnyMatch } from './when-any-match.js';

type Parameters = Readonly<Record<string, unknown>>;

/** The page, the JSON API and the live events of a mailbox. */
export class MailboxController {
  readonly #mailbox: Mailbox;
  readonly #pool: PoolView;
  readonly #streams: LiveStreams;
  readonly #path: string;

  constructor(
    @Inject(Mailbox) mailbox: Mailbox,
    @Inject(PoolView) pool: PoolView,
    @Inject(LiveStreams) streams: LiveStreams,
    @Inject(MAILBOX_PATH) path: string,
  ) {
    this.#mailbox = mailbox;
    this.#pool = pool;
    this.#streams = streams;
    this.#path = path;
  }

  @Get()
  async page(
    @Req() request: PlatformRequest,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    const { pathname } = new URL(nodeRequest(request).url ?? '', 'http://host');
    const isOff = pathname.endsWith('/');
    respond(
      reply,
      isOff ? pathAnswer(this.#path) : await pageAnswer(this.#path),
    );
  }

  @Get('assets/:name')
  async asset(
    @Param('name') name: string,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    respond(reply, found(await fileAnswer(name)));
  }

  @Get('messages')
  async list(
    @Query() given: Parameters,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    const { query, limit, waitMs } = messageQuery(given);
    const entries = await whenAnyMatch(this.#mailbox, query, waitMs);
    const messages = await Promise.all(
      entries.slice(0, limit).map((entry) => entry.summary()),
    );
    respondJson(reply, { messages, total: entries.length });
  }

  @Delete('messages')
  @HttpCode(204)
  clear(): void {
    this.#mailbox.clear();
  }

  @Get('messages/:id')
  async message(
    @Param('id') id: string,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    respondJson(reply, await this.#entry(id).whole());
  }

  @Get('messages/:id/html')
  async html(
    @Param('id') id: string,
    @Query('images') images: unknown,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    const body = shownHtml(await this.#entry(id).read());
    const headers = htmlPolicy(images === 'remote');
    respond(reply, { type: 'text/html; charset=utf-8', body, headers });
  }

  @Get('messages/:id/source')
  source(
    @Param('id') id: string,
    @Query('save') save: unknown,
    @Res() reply: PlatformReply,
  ): void {
    respond(reply, sourceAnswer(this.#entry(id).mail.raw, save === 'yes'));
  }

  @Get('messages/:id/attachments/:index')
  async attachment(
    @Param('id') id: string,
    @Param('index') index: string,
    @Res() reply: PlatformReply,
  ): Promise<void> {
    const { files } = await this.#entry(id).read();
    const file = files.find((one) => String(one.index) === index);
    respond(reply, attachmentAnswer(found(file)));
  }

  @Get('pool')
  pool(@Res() reply: PlatformReply): void {
    respondJson(reply, this.#pool.snapshot());
  }

  @Get('events')
  events(@Res() reply: ServerResponse): void {
    this.#streams.open(nodeResponse(reply));
  }

  #entry(id: string): Entry {
    return found(this.#mailbox.entry(id));
  }
}

function found<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new NotFoundException('The mailbox has no such thing (any more).');
}
