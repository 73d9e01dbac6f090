// A mail server for tests: takes every letter and prints it. The first line says where it listens, each other one is a letter.
//
//   node smtp.mjs [--port N] [--tls] [--starttls] [--user NAME --password WORD] [--end-with-input]
//
// The recipient's name asks for a fault: later@ (451), refused@ (550), slow@ (no answer), drop@ (the connection breaks).

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { endWithInput, print } from './lines.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    tls: { type: 'boolean', default: false },
    starttls: { type: 'boolean', default: false },
    user: { type: 'string' },
    password: { type: 'string' },
    'end-with-input': { type: 'boolean', default: false },
  },
});

/** A key and a certificate for this machine that signs itself, good for two days. */
function selfSigned() {
  const pem = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '-', '-out', '-',
      '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-addext', 'basicConstraints=critical,CA:FALSE'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [key] = pem.match(/-----BEGIN PRIVATE KEY-----[^]*?-----END PRIVATE KEY-----\n/);
  const [cert] = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/);
  return { key, cert };
}

const faults = {
  later: () => Object.assign(new Error('Try again later'), { responseCode: 451 }),
  refused: (address) => Object.assign(new Error(`No such user ${address}`), { responseCode: 550 }),
};

const encrypted = options.tls || options.starttls;
const pair = encrypted ? selfSigned() : {};

const server = new SMTPServer({
  ...pair,
  secure: options.tls,
  authOptional: options.user === undefined,
  disabledCommands: [...(options.starttls ? [] : ['STARTTLS']), ...(options.user === undefined ? ['AUTH'] : [])],
  allowInsecureAuth: !encrypted,
  disableReverseLookup: true,
  onAuth({ username, password }, _session, callback) {
    const known = username === options.user && password === options.password;
    callback(known ? null : new Error('Wrong user or password'), { user: username });
  },
  onRcptTo({ address }, session, callback) {
    const [name] = address.split('@');
    if (name === 'slow') return;
    if (name === 'drop') {
      for (const connection of server.connections) if (connection.id === session.id) connection._socket.destroy();
      return;
    }
    callback(faults[name]?.(address) ?? null);
  },
  onData(stream, session, callback) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', async () => {
      const raw = Buffer.concat(chunks);
      const letter = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
      print({
        envelope: { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((to) => to.address) },
        secure: session.secure,
        user: session.user ?? null,
        headers: letter.headerLines.map(({ key, line }) => [key, line]),
        from: letter.from.text,
        subject: letter.subject,
        date: letter.date.toISOString(),
        text: letter.text,
        html: letter.html,
        type: letter.headers.get('content-type').value,
      });
      callback();
    });
  },
});

server.on('error', () => {}); // a client that breaks off is no reason to end
endWithInput(options['end-with-input']);
server.listen(Number(options.port), '127.0.0.1', () => {
  print({ port: server.server.address().port, certificate: pair.cert ?? null });
});
