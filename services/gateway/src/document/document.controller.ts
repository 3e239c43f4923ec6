import { createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { isKnown } from '../call/answer-of';
import type { OpenApiPart, OwnRoute } from '../routes/route';

/** The description of the API itself. */
export const documentRoute: OwnRoute = {
  method: 'GET',
  path: '/v1/openapi.json',
  tag: 'about',
  access: 'public',
  document: {
    summary: 'This description, as OpenAPI 3.1.',
    responses: { 200: { description: 'The document.', content: { 'application/json': { schema: { type: 'object' } } } }, 304: { description: 'It is still what `If-None-Match` names.' } },
  },
};

const PAGES: OwnRoute = { method: 'GET', path: '/docs', tag: 'about', access: 'public', document: {} };

const COPIES: ReadonlySet<string> = new Set([`${PAGES.path}/json`, `${PAGES.path}/yaml`]);

// The page brings its scripts and styles as files of its own; only pictures inside of its style sheet are data.
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the document, and at /docs the page that shows it and tries it out. */
export async function addDocument(http: FastifyInstance, document: OpenApiPart): Promise<void> {
  const body = Buffer.from(JSON.stringify(document));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  http.get(documentRoute.path, { config: { route: documentRoute } }, async (request, reply) => {
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });
  await http.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, route: PAGES, anyMedia: true };
      // The page's own copies would be written anew for each request: the one as YAML keeps a processor busy for a long time.
      if (COPIES.has(route.url)) route.handler = (_request, reply) => reply.redirect(documentRoute.path, 308);
    });
    await scope.register(swagger, { mode: 'static', specification: { document: document as never } });
    await scope.register(swaggerUi, { routePrefix: PAGES.path, staticCSP: PAGE_POLICY, uiConfig: { url: documentRoute.path, deepLinking: false, persistAuthorization: false, validatorUrl: null as never } });
  });
}
