import { readOpenSchemas } from '@granary/contracts';
import { openBucket } from '@granary/messaging';
import type { Host, ServiceDefinition, Wired } from '@granary/service-host';
import packageJson from '../package.json';
import { wireAdmission } from './admission/admission.module';
import { publishRoute } from './admission/route';
import { config, type GatewayConfig } from './config';
import { addDocument, documentRoute } from './document/document.controller';
import { openApiDocument } from './document/openapi';
import { addCallRoute } from './edge/call.controller';
import { answerUnreadable, openEdge } from './edge/edge.controller';
import { addHealth, healthRoute } from './health/health.controller';
import { createIdentify } from './identify/identify.guard';
import { createKeyExchange } from './identify/key-exchange.client';
import { createBuckets } from './limit/token-bucket';
import type { Route } from './routes/route';
import { callRoutes } from './routes/table';
import { streamRoutes } from './stream/stream-routes';
import { addStreamRoutes } from './stream/stream.controller';
import { wireStreams } from './stream/streams.module';

/** The gateway: the one place where its parts meet. */
export const gateway: ServiceDefinition<GatewayConfig> = {
  name: 'gateway',
  config,
  database: 'none',
  limits: ({ headersMs, requestMs, idleMs, connections }) => ({ headerBytes: 16_384, headersMs, requestMs, idleMs, connections }),
  wire,
};

async function wire(host: Host<GatewayConfig>): Promise<Wired> {
  const { config: settings, broker, rpc, tokens, log, now } = host;
  const schemas = await readOpenSchemas();
  const identify = createIdentify({ tokens, keys: createKeyExchange({ rpc, now }) });
  const streams = wireStreams(host);
  const admission = wireAdmission(host);
  const routes: readonly Route[] = [...callRoutes, ...streamRoutes, publishRoute, documentRoute, healthRoute];
  const calls = { rpc, schemas, timeoutMs: settings.callMs, bucket: openBucket(broker, 'gateway-answers'), patienceMs: settings.callMs + 5_000, log, now };
  return {
    tasks: [...streams.tasks, ...admission.tasks],
    routes: {
      options: { trustProxy: settings.trustedProxies.length > 0 && [...settings.trustedProxies], bodyLimit: settings.bodyBytes, routerOptions: { maxParamLength: 4_096, caseSensitive: true }, frameworkErrors: (error, request, reply) => answerUnreadable(error, request, reply, { log }) },
      async register(http) {
        await openEdge(http, {
          identify,
          rate: createBuckets({ perSecond: settings.rate, burst: settings.rate * 2 }),
          publicRate: createBuckets({ perSecond: settings.publicRate, burst: settings.publicRate * 5 }),
          guessRate: createBuckets({ perSecond: settings.publicRate, burst: settings.publicRate * 5 }),
          origins: settings.origins.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''),
          routes,
          log,
          now,
        });
        for (const route of callRoutes) addCallRoute(http, route, calls);
        await addDocument(http, openApiDocument({ routes, schemas, version: packageJson.version }));
        addHealth(http, host);
        addStreamRoutes(http, streams.routes);
        await http.register(admission.plugin);
      },
    },
  };
}
