/** Unpacks what Redis packed with LZF: runs of bytes as they are, and copies of what came up to 8 KiB before. */
export function unpackLzf(packed: Buffer, length: number): Buffer {
  const out = Buffer.allocUnsafe(length);
  const corrupt = (): Error => new Error(`Expected a packed string of the snapshot to unpack to ${length} bytes, it does not: the snapshot is corrupt.`);
  let to = 0;
  for (let at = 0; at < packed.length;) {
    const control = packed[at++] ?? 0;
    if (control < 32) {
      const run = control + 1;
      if (at + run > packed.length || to + run > length) throw corrupt();
      packed.copy(out, to, at, at + run);
      at += run;
      to += run;
      continue;
    }
    let run = control >>> 5;
    if (run === 7) run += packed[at++] ?? 0;
    run += 2;
    let from = to - ((control & 31) << 8) - (packed[at++] ?? 0) - 1;
    if (at > packed.length || from < 0 || to + run > length) throw corrupt();
    // Byte by byte: a copy may reach into itself, which repeats it.
    for (const end = to + run; to < end;) out[to++] = out[from++] ?? 0;
  }
  if (to !== length) throw corrupt();
  return out;
}
