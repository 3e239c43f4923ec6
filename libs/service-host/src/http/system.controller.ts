import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Metrics } from '@granary/observability';
import type { Answer, Vitals } from '../health/vitals';

export const VITALS = Symbol('vitals');
export const METRICS = Symbol('metrics');

interface Reply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
}

/** What every service answers over HTTP about itself. */
@Controller()
export class SystemController {
  constructor(
    @Inject(VITALS) private readonly vitals: Vitals,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('health')
  async summary(@Res({ passthrough: true }) reply: Reply): Promise<Answer['body']> {
    return send(reply, await this.vitals.summary());
  }

  @Get('health/live')
  live(@Res({ passthrough: true }) reply: Reply): Answer['body'] {
    return send(reply, this.vitals.live());
  }

  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: Reply): Answer['body'] {
    return send(reply, this.vitals.ready());
  }

  @Get('health/status')
  async status(@Res({ passthrough: true }) reply: Reply): Promise<Answer['body']> {
    return send(reply, await this.vitals.status());
  }

  @Get('metrics')
  async page(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.header('content-type', this.metrics.contentType);
    return this.metrics.metrics();
  }
}

function send(reply: Reply, { status, body }: Answer): Answer['body'] {
  reply.code(status);
  // A proxy that remembers an answer about health would lie.
  reply.header('cache-control', 'no-store');
  return body;
}
