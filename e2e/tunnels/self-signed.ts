import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder, temporaryFolder } from '@pizzapi/testing';

/** A certificate that nobody knows. */
export async function selfSigned(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await temporaryFolder('certificate');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test'.split(' ');
  await promisify(execFile)('openssl', [...request, '-keyout', key, '-out', cert]);
  const pair = { key: await readFile(key), cert: await readFile(cert) };
  await removeFolder(folder);
  return pair;
}
