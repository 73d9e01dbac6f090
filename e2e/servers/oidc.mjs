// An OpenID Connect provider for tests, with accounts as HarID tells of them. The first line says its issuer.
//
//   node oidc.mjs [--port N] [--redirect-uri URI]… [--accounts FILE] [--claims-in-id-token] [--end-with-input]
//
// Its client is "octavo" with the secret "octavo secret & more"; PKCE is required. Who signs in types an account's name and
// presses Continue, or is named by login_hint; "nobody" declines.

import { endWithInput, print } from './lines.mjs';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'redirect-uri': { type: 'string', multiple: true, default: ['http://127.0.0.1/back'] },
    accounts: { type: 'string', default: new URL('accounts.json', import.meta.url).pathname },
    'claims-in-id-token': { type: 'boolean', default: false },
    'end-with-input': { type: 'boolean', default: false },
  },
});

const accounts = JSON.parse(readFileSync(options.accounts, 'utf8'));
const scopes = ['openid', 'profile', 'email', 'phone', 'personal_code', 'roles', 'session_type'];

async function signingKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: 'RS256', use: 'sig' };
}

async function configuration() {
  return {
    clients: [
      {
        client_id: 'octavo',
        client_secret: 'octavo secret & more',
        redirect_uris: options['redirect-uri'],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    jwks: { keys: [await signingKey()] },
    cookies: { keys: [crypto.randomUUID()] },
    pkce: { required: () => true },
    scopes,
    claims: {
      openid: ['sub'],
      profile: ['given_name', 'family_name', 'ui_locales'],
      email: ['email', 'email_verified'],
      phone: ['phone_number'],
      personal_code: ['personal_code'],
      roles: ['roles'],
      session_type: ['session_type'],
    },
    conformIdTokenClaims: !options['claims-in-id-token'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => id in accounts && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    // Everybody agrees to everything that is asked for.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(scopes.join(' '));
      await grant.save();
      return grant;
    },
  };
}

const page = (note) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Test provider</title>
<h1>Test provider</h1>
<form method="post">
<p><label>Account <input name="account" autocomplete="off" autofocus></label> ${note}</p>
<p><button>Continue</button></p>
</form>
</html>`;

async function interact(provider, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  let name = params.login_hint;
  if (request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += chunk;
    name = new URLSearchParams(body).get('account');
  }
  if (name === 'nobody') {
    return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'declined' });
  }
  if (name in accounts) {
    return provider.interactionFinished(request, response, { login: { accountId: name } });
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page(name ? 'There is no such account.' : ''));
}

const server = createServer();
endWithInput(options['end-with-input']);
server.listen(Number(options.port), '127.0.0.1', async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, await configuration());
  const others = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return others(request, response);
    interact(provider, request, response).catch((error) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  print({ issuer });
});
