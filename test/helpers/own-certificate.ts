/** A certificate for 127.0.0.1 that nobody knows, and the file that makes it known. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './kaggle-for-test.js';

export async function ownCertificate() {
  const folder = await temporaryFolder();
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', [...request, ...subject, ...files], { stdio: 'ignore' });
  const tls = { key: await readFile(keyFile, 'utf8'), cert: await readFile(caFile, 'utf8') };
  return { tls, caFile };
}
