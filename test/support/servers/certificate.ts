import { chmodSync, chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { serverFolder } from "./server-folder.ts";
import type { Account } from "./unprivileged-account.ts";

export interface CertificateFiles {
  /** The caller removes it. */
  readonly folder: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 that is its own authority, in files that only the server's account can read. */
export async function certificateFiles(account?: Account): Promise<CertificateFiles> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const folder = serverFolder("tls", account);
  const files = { folder, certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") };
  for (const [file, content] of [[files.certificate, cert], [files.key, key]] as const) {
    writeFileSync(file, content);
    chmodSync(file, 0o600);
    if (account) chownSync(file, account.uid, account.gid);
  }
  return files;
}
