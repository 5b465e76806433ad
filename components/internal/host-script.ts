import { hostExport } from "../../practice/contract/runner.ts";

/** Where a host keeps what it fetched; root's alone. */
export const HOST_FOLDER = "/var/lib/upkeep";

/** An object of the store, and what is deployed of it. */
export interface PinnedObject {
  readonly key: string;
  readonly versionId: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface HostScriptArgs {
  readonly folder: string;
  /** Path of Node.js, or the name by which root finds it. */
  readonly node: string;
  readonly bundle: PinnedObject;
  /** The database programs, packed as their layer is. */
  readonly tools?: PinnedObject;
  /** For the program: all of it can be read by everybody on the machine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A word that bash takes as it is. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * What a host does every half hour: fetches what was deployed, unless it has it, sees that it is just that, and runs it.
 * It asks for nothing but bash, coreutils, flock, the AWS CLI and Node.js, and says in one sentence what is missing.
 */
export function hostScript({ folder, node, bundle, tools, environment }: HostScriptArgs): string {
  const assigned = (values: Readonly<Record<string, string>>, word = "") => Object.entries(values).map(([name, value]) => `${word}${name}=${quoted(value)}`);
  return [
    "#!/bin/bash",
    ...assigned(environment, "export "),
    ...assigned({
      folder, node,
      bundle_key: bundle.key, bundle_version: bundle.versionId, bundle_sha256: bundle.sha256,
      tools_key: tools?.key ?? "", tools_version: tools?.versionId ?? "", tools_sha256: tools?.sha256 ?? "",
    }),
    body,
  ].join("\n");
}

/** Seconds for one object: the larger one is 20 MB. */
const FETCH_SECONDS = 600;

const body = `set -euo pipefail
umask 077
export HOME=~

say() { printf '%s\\n' "upkeep: $1" >&2; }
# Into the stack's log too, as far as this machine can: nobody looks at its console at night. No quotes in the sentence.
fail() {
  say "$1"
  if command -v aws > /dev/null; then
    timeout --foreground 60 aws logs put-log-events --region "$AWS_REGION" --log-group-name "$UPKEEP_LOG_GROUP" --log-stream-name "$UPKEEP_LOG_STREAM" \\
      --log-events "[{\\"timestamp\\":$(date +%s)000,\\"message\\":\\"$1\\"}]" > /dev/null || say 'It could not be written to the log.'
  fi
  exit 1
}
needs() { command -v "$1" > /dev/null || fail "Expected $2 on this host, there is none. $3"; }

needs aws 'the AWS CLI' 'Install its version 2 for all users.'
needs flock 'flock' 'Install util-linux.'
needs sha256sum 'sha256sum' 'Install coreutils.'
needs "$node" 'Node.js' 'Install 20.19 or later for all users, or name its path in upkeep:hosts as node.'
"$node" --eval 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' \\
  || fail "Expected Node.js 20.19 or later on this host, got $("$node" --version || echo one that does not start). Install a newer one, or name its path in upkeep:hosts as node."
[ -z "$tools_sha256" ] || [ "$(uname -m)" = x86_64 ] || fail "Expected a host of x86_64, for which the database programs are built, got $(uname -m)."

mkdir -p "$folder/code"
chmod 700 "$folder"
# Held by the program itself, and free when that is gone, however it went.
exec 9> "$folder/$UPKEEP_SOURCE.lock"
if ! flock --nonblock 9; then
  say 'An earlier run is still under way: the work is left to it.'
  exit 0
fi
# What a run that was killed left behind, the files with a password among it.
export TMPDIR="$folder/tmp-$UPKEEP_SOURCE"
rm -rf "$TMPDIR"
mkdir "$TMPDIR"

is_deployed() { printf '%s  %s\\n' "$1" "$2" | sha256sum --check --status 2> /dev/null; }
# key, version, checksum, file
fetch() {
  if [ -f "$4" ] && is_deployed "$3" "$4"; then
    touch "$4"
    return
  fi
  # In our group, and without the lock: what outlives a run that is killed would keep the next one waiting.
  timeout --foreground ${FETCH_SECONDS} aws s3api get-object --region "$AWS_REGION" --bucket "$UPKEEP_STORE_BUCKET" --key "$1" --version-id "$2" "$TMPDIR/fetched" > /dev/null 9>&- \\
    || fail "Expected to fetch $1 from the store, it cannot be: its error is in the output of this run. Does the host reach S3, and does its role have the policy of this stack?"
  is_deployed "$3" "$TMPDIR/fetched" || fail "Expected $1 to have the SHA-256 that was deployed, it has another: nothing of it was run. Deploy the stack again."
  mv "$TMPDIR/fetched" "$4"
}
export UPKEEP_BUNDLE="$folder/code/$bundle_sha256.mjs"
fetch "$bundle_key" "$bundle_version" "$bundle_sha256" "$UPKEEP_BUNDLE"
if [ -n "$tools_sha256" ]; then
  export UPKEEP_TOOLS_ARCHIVE="$folder/code/$tools_sha256.zip"
  fetch "$tools_key" "$tools_version" "$tools_sha256" "$UPKEEP_TOOLS_ARCHIVE"
fi
# Of earlier releases.
find "$folder/code" -type f -mtime +7 -delete

exec "$node" --input-type=module --eval 'import(process.env.UPKEEP_BUNDLE).then((bundle) => bundle.${hostExport}())'
`;
