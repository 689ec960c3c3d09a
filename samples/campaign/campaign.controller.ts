import {
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  NotFoundException,
  Param,
  Post,
  Sse,
} from '@nestjs/common';
import type { SendProgress, SendTotals } from 'nestjs-sendgrid-smtp';
import { concat, from, map, type Observable, takeUntil, timer } from 'rxjs';
import { type Campaign, Campaigns } from './campaigns.js';
import { StartCampaignDto } from './start-campaign.dto.js';

const TICK_MS = 250;

/** Starts campaigns and tells how far they have come. */
@Controller('campaigns')
export class CampaignController {
  constructor(private readonly campaigns: Campaigns) {}

  /** Answers at once; the campaign goes on behind. */
  @Post()
  @HttpCode(202)
  start(@Body() campaign: StartCampaignDto): { id: string } {
    return { id: this.campaigns.start(campaign) };
  }

  @Get(':id')
  progress(@Param('id') id: string): SendProgress {
    return this.#find(id).run.progress;
  }

  /** Events `progress` four times a second, then one `done` with the totals. */
  @Sse(':id/progress')
  follow(@Param('id') id: string): Observable<MessageEvent> {
    const { run, ended } = this.#find(id);
    const ticks = timer(0, TICK_MS).pipe(
      map(() => ({ type: 'progress', data: run.progress })),
      takeUntil(from(ended)),
    );
    const done = from(ended).pipe(
      map((totals) => ({ type: 'done', data: shown(totals) })),
    );
    return concat(ticks, done);
  }

  #find(id: string): Campaign {
    const campaign = this.campaigns.find(id);
    if (campaign === undefined)
      throw new NotFoundException('No such campaign.');
    return campaign;
  }
}

/** Totals without an error's details, which are for the log. */
function shown({ stopped, ...totals }: SendTotals): object {
  return { ...totals, ...(stopped && { stopped: stopped.reason }) };
}
