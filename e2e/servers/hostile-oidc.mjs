// An OpenID Connect provider for tests that does as it is told, wrongly too. The first line says where it is.
//
//   node hostile-oidc.mjs [--end-with-input]
//
// There is no page to sign in: a code is "FAULT.NONCE", and the token endpoint answers it with that fault. Faults of the
// discovery document are issuers of their own: ORIGIN/FAULT.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { endWithInput, print } from './lines.mjs';

const { values: options } = parseArgs({ options: { 'end-with-input': { type: 'boolean', default: false } } });

const secret = 'octavo-secret';
const huge = JSON.stringify({ padding: 'x'.repeat(1_000_000) });

async function newKey(algorithm) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = crypto.randomUUID();
  return { algorithm, kid, privateKey, publicKey, published: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } };
}

const usual = await newKey('RS256');
const elliptic = await newKey('ES256');
const unpublished = await newKey('RS256');
let published = [usual, elliptic];
const asked = { discovery: 0, keys: 0 };

const now = () => Math.floor(Date.now() / 1000);
const sign = (claims, key) =>
  new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: key.kid }).sign(key.privateKey);
const signShared = (claims, bytes) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(bytes);

async function halfHash(text) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(hash).subarray(0, 16).toString('base64url');
}

/** What each fault changes in the claims of a token that is right otherwise. */
const changes = {
  nonce: { nonce: 'another' },
  'no-nonce': { nonce: undefined },
  audience: { aud: 'another' },
  issuer: { iss: 'https://another.example' },
  expired: { exp: now() - 3600 },
  future: { iat: now() + 3600 },
  'no-subject': { sub: undefined },
  'at-hash': { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' },
  'several-audiences': { aud: ['octavo', 'another'] },
  'another-party': { aud: ['octavo', 'another'], azp: 'another' },
  'own-party': { aud: ['octavo', 'another'], azp: 'octavo' },
  'amr-text': { amr: '["pop"]' },
};

/** How each fault signs. */
const signatures = {
  none: (claims) => new UnsecuredJWT(claims).encode(),
  'shared-secret': (claims) => signShared(claims, new TextEncoder().encode(secret)),
  'shared-public-key': async (claims) => signShared(claims, new TextEncoder().encode(await exportSPKI(usual.publicKey))),
  'unknown-key': (claims) => sign(claims, unpublished),
  'stolen-name': (claims) => sign(claims, { ...unpublished, kid: usual.kid }),
  tampered: async (claims) => {
    const [header, , signature] = (await sign(claims, usual)).split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    return [header, other, signature].join('.');
  },
  unnamed: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(usual.privateKey),
  elliptic: (claims) => sign(claims, elliptic),
  rotated: async (claims) => {
    const key = await newKey('RS256');
    published = [key];
    return sign(claims, key);
  },
  garbage: () => 'no.token',
};

async function tokens(origin, form) {
  const [fault, nonce] = form.get('code').split('.');
  const access_token = `access-${fault}`;
  const claims = {
    iss: origin, sub: 'person-1', aud: 'octavo', exp: now() + 300, iat: now(), nonce, at_hash: await halfHash(access_token),
    ...changes[fault],
  };
  const id_token = fault === 'missing' ? undefined : await (signatures[fault]?.(claims) ?? sign(claims, usual));
  return { access_token, token_type: 'Bearer', id_token };
}

function userInfo(request) {
  const fault = request.headers.authorization.replace('Bearer access-', '');
  return { sub: fault === 'other-subject' ? 'person-2' : 'person-1', name: 'Person One', email: 'one@example.org', email_verified: true };
}

function discovery(origin, fault) {
  const issuer = fault ? `${origin}/${fault}` : origin;
  return {
    issuer: fault === 'other-issuer' ? origin : issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: fault === 'not-secure' ? 'http://provider.example/token' : `${origin}/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: fault === 'huge-keys' ? `${origin}/huge` : `${origin}/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  };
}

async function answer(request, response, origin) {
  const send = (body, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const path = new URL(request.url, origin).pathname;
  if (path.endsWith('/.well-known/openid-configuration')) {
    const fault = path.split('/').at(-3);
    asked.discovery += 1;
    if (fault === 'slow') return;
    if (fault === 'huge') return send(huge);
    if (fault === 'garbage') return send('<html>');
    if (fault === 'down') return send({}, 503);
    if (fault === 'redirect') return response.writeHead(302, { location: `${origin}/.well-known/openid-configuration` }).end();
    return send(discovery(origin, fault));
  }
  if (path === '/huge') return send(huge);
  if (path === '/asked') return send(asked);
  if (path === '/keys') {
    asked.keys += 1;
    // A kind of key that nobody knows yet is there as well.
    return send({ keys: [{ kty: 'NEW', kid: 'new' }, ...published.map((key) => key.published)] });
  }
  if (path === '/userinfo') return send(userInfo(request));
  if (path !== '/token') return send({}, 404);
  let body = '';
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  if (form.get('client_secret') !== secret) return send({ error: 'invalid_client' }, 401);
  const [fault] = form.get('code').split('.');
  if (fault === 'slow') return;
  if (fault === 'huge') return send(huge);
  if (fault === 'down') return send('out of order', 502);
  if (fault === 'shouting') return send({ error: 'Bearer <script>\r\n', error_description: 'x' }, 400);
  send(await tokens(origin, form));
}

const server = createServer();
endWithInput(options['end-with-input']);
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  server.on('request', (request, response) => {
    answer(request, response, origin).catch((error) => response.writeHead(500).end(String(error)));
  });
  print({ issuer: origin });
});
