/** Sections below each other, an empty line between two. Those without lines are left out. */
export const sections = (...all: readonly (readonly string[])[]): readonly string[] =>
  all.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
