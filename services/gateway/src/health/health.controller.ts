import type { Host } from '@granary/service-host';
import type { FastifyInstance } from 'fastify';
import type { OpenApiPart, OwnRoute } from '../routes/route';

const body: OpenApiPart = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'service', 'version', 'uptimeSeconds', 'phase'],
  properties: {
    status: { enum: ['healthy', 'degraded', 'unhealthy'], description: '`unhealthy`: nothing can be answered that needs a service.' },
    service: { const: 'gateway' },
    version: { type: 'string' },
    uptimeSeconds: { type: 'integer', minimum: 0 },
    phase: { enum: ['starting', 'ready', 'stopping'] },
  },
};
const answer = (description: string): OpenApiPart => ({ description, content: { 'application/json': { schema: body } } });

/** How the API does, for those who reach nothing else: what stands in front of it hands on `/v1` alone. */
export const healthRoute: OwnRoute = {
  method: 'GET',
  path: '/v1/health',
  tag: 'about',
  access: 'public',
  document: { summary: 'How this gateway does.', responses: { 200: answer('It answers.'), 503: answer('It reaches no broker, or auth has not said for too long whom to believe.') } },
};

export function addHealth(http: FastifyInstance, { health }: Pick<Host, 'health'>): void {
  http.get(healthRoute.path, { config: { route: healthRoute } }, async (_request, reply) => {
    const { status, body: said } = await health();
    return reply.code(status).header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify(said));
  });
}
