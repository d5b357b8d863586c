import { Hono } from 'hono';
import { stackToken } from './tokens.ts';

type Options = { header: string; tokenSecret: string; roles: readonly string[]; now: () => number };

const apiVersion = '2019-08-01';
/** A day, like the real endpoint's tokens. */
const tokenSeconds = 86_400;
const systemAssigned = '00000000-0000-4000-8000-0000000000aa';

/** The managed identity endpoint of App Service: GET ?resource=…&api-version=2019-08-01 with X-IDENTITY-HEADER. */
export function identityRoutes(options: Options): Hono {
  const app = new Hono();
  app.get('*', (context) => {
    if (context.req.header('x-identity-header') !== options.header)
      return context.json(problem(401, 'The identity header is missing or wrong.'), 401);
    const resource = context.req.query('resource');
    if (!resource || context.req.query('api-version') !== apiVersion)
      return context.json(problem(400, `resource and api-version=${apiVersion} are required.`), 400);
    const exp = Math.floor(options.now() / 1000) + tokenSeconds;
    const appid = context.req.query('client_id') ?? systemAssigned;
    const claims = { aud: resource.replace(/\/\.default$/, ''), roles: options.roles, exp, appid };
    return context.json({
      access_token: stackToken(options.tokenSecret, claims),
      client_id: appid,
      expires_on: String(exp),
      resource,
      token_type: 'Bearer',
    });
  });
  return app;
}

const problem = (statusCode: number, message: string) => ({ statusCode, message });
