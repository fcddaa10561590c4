/** A mail server on loopback that keeps what it is sent, for one test. */
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.js';

/** Of the account `news`. */
export const MAIL_PASSWORD = 'M4IL-SECRET';

/** @param refusals - codes of the answers to the first messages */
export async function mailServer(refusals: readonly number[] = []) {
  const mails: string[] = [];
  const receivers: string[][] = [];
  let tries = 0;
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      const known = username === 'news' && password === MAIL_PASSWORD;
      callback(known ? null : new Error(`no ${password}`), known ? { user: username } : undefined);
    },
    onData(stream, { envelope }, callback) {
      void text(stream).then((mail) => {
        const responseCode = refusals[tries];
        tries += 1;
        if (responseCode !== undefined) {
          return callback(Object.assign(new Error('not now'), { responseCode }));
        }
        mails.push(mail);
        receivers.push(envelope.rcptTo.map(({ address }) => address));
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  const port = await freePort();
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { url: `smtp://news:${MAIL_PASSWORD}@127.0.0.1:${port}`, mails, receivers, port };
}
