/** A certificate that a test signs itself, for https on this machine. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Paths in PEM. */
export async function ownCertificate(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const kind = "req -x509 -newkey rsa:2048 -nodes -days 2 -addext subjectAltName=IP:127.0.0.1".split(" ");
  await promisify(execFile)("openssl", [...kind, "-subj", `/CN=${name}`, "-keyout", key, "-out", cert]);
  return { cert, key };
}
