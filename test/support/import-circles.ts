import { importTarget, type SourceFile } from "./source-files.ts";

/** Each circle once, as the path that leads back to its start. Types may refer to each other: nothing loads them. */
export function importCircles(files: readonly SourceFile[]): readonly string[] {
  const edges = new Map(files.map((file) => [
    file.path,
    file.loads.filter((specifier) => specifier.startsWith(".")).map((specifier) => importTarget(file, specifier)),
  ]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return circles;
}
