/** What a Linux program asks of the system that starts it. */
export interface ElfNeeds {
  /** Shared libraries, e.g. `libc.so.6`. Empty: static. */
  readonly libraries: readonly string[];
  /** Symbol versions, e.g. `GLIBC_2.34`. */
  readonly versions: readonly string[];
}

const SHT_DYNAMIC = 6;
const SHT_GNU_VERNEED = 0x6ffffffe;
const DT_NEEDED = 1n;
const MAGIC = 0x464c457f;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Of the section that holds its strings. */
  readonly link: number;
  /** Number of records in a table of version needs. */
  readonly info: number;
}

/** Reads the tables that the dynamic loader reads. 64-bit and little-endian, as both architectures of Lambda are. */
export function elfNeeds(file: Buffer, name: string): ElfNeeds {
  if (file.length < 64 || file.readUInt32LE(0) !== MAGIC || file[4] !== 2 || file[5] !== 1) {
    throw new Error(`Expected ${name} to be a 64-bit program for Linux, got something else: build it on Linux, or give the file that was built there.`);
  }
  const sections = sectionsOf(file);
  const text = (strings: number, at: number): string => {
    const start = (sections[strings]?.offset ?? 0) + at;
    return file.toString("latin1", start, file.indexOf(0, start));
  };
  return {
    libraries: sections.filter(({ type }) => type === SHT_DYNAMIC).flatMap((section) => needed(file, section).map((at) => text(section.link, at))),
    versions: sections.filter(({ type }) => type === SHT_GNU_VERNEED).flatMap((section) => versions(file, section).map((at) => text(section.link, at))),
  };
}

function sectionsOf(file: Buffer): readonly Section[] {
  const table = Number(file.readBigUInt64LE(40));
  const size = file.readUInt16LE(58);
  const count = file.readUInt16LE(60);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
    };
  });
}

function needed(file: Buffer, { offset, size }: Section): readonly number[] {
  const found: number[] = [];
  for (let at = offset; at < offset + size; at += 16) {
    if (file.readBigUInt64LE(at) === DT_NEEDED) found.push(Number(file.readBigUInt64LE(at + 8)));
  }
  return found;
}

/** One record per library, each with a chain of the versions that are wanted of it. */
function versions(file: Buffer, { offset, info }: Section): readonly number[] {
  const found: number[] = [];
  let library = offset;
  for (let left = info; left > 0; left -= 1) {
    let version = library + file.readUInt32LE(library + 8);
    for (let more = file.readUInt16LE(library + 2); more > 0; more -= 1) {
      found.push(file.readUInt32LE(version + 8));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return found;
}
