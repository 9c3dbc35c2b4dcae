// Certificates that openssl makes for the tests.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export const openssl = (...args) => promisify(execFile)('openssl', args);

/// Makes cert.pem and key.pem in `folder`, over those that are there; signed by itself, for the
/// address or name `subject` (as openssl writes it).
export async function makeCertificate(folder, name = 'localhost', subject = 'IP:127.0.0.1') {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  await openssl(
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', `/CN=${name}`, '-addext', `subjectAltName=${subject}`, '-keyout', key, '-out', cert,
  );
  return { key, cert };
}
