import type { PreviewedResource } from "../../engine/resource.ts";
import { columns, counted, heading, paragraph } from "./lines.ts";
import type { Page } from "./page.ts";
import { childrenOf, type Family, familyOf, groupedBy, kindOf, tally } from "./family.ts";

/** Siblings of one kind beyond this number are one line: seventeen alerts say no more than "17 alerts". */
const NAMED_SIBLINGS = 3;

/** Deeper components are parts of parts: they count, and stay folded. */
const SHOWN_DEPTH = 2;

/** The resources as a tree whose components are folded into what they hold. */
export function foldedResources(resources: readonly PreviewedResource[], page: Page): readonly string[] {
  const family = familyOf(resources);
  const rows = fold(family.top, family, 0);
  return [
    ...heading("Resources", `${gist(family)}${page.paint("faint", "; --resources shows each")}`, page),
    ...columns(rows.map(([name, kind, holds]) => [name, page.paint("faint", kind), holds]), page),
  ];
}

/** The same tree with every resource on a line of its own. */
export function unfoldedResources(resources: readonly PreviewedResource[], page: Page): readonly string[] {
  const family = familyOf(resources);
  const line = (resource: PreviewedResource, depth: number): readonly string[] => [
    ...paragraph([resource.name, page.paint("faint", tokenOf(resource)), ...marks(resource)].join("  "), page, 2 + 2 * depth, 4),
    ...childrenOf(family, resource).flatMap((child) => line(child, depth + 1)),
  ];
  return [...heading("Resources", gist(family), page), ...family.top.flatMap((resource) => line(resource, 0))];
}

const gist = ({ custom, components }: Family): string => `${custom.length} in ${counted(components.length, "component")}`;

type Row = readonly [name: string, kind: string, holds: string];

function fold(siblings: readonly PreviewedResource[], family: Family, depth: number): readonly Row[] {
  const indent = "  ".repeat(depth);
  const components = siblings.filter(({ custom }) => !custom);
  const loose = siblings.filter(({ custom }) => custom);
  return [
    ...[...groupedBy(components, kindOf)].flatMap(([kind, group]): readonly Row[] =>
      group.length > NAMED_SIBLINGS
        ? [[`${indent}${group.length} components`, kind, tally(group.flatMap((one) => family.below(one)))]]
        : group.flatMap((one) => foldOne(one, family, depth))),
    ...(depth === 0 && loose.length > 0 ? [[`${indent}in no component`, "", tally(loose)] as const] : []),
  ];
}

function foldOne(component: PreviewedResource, family: Family, depth: number): readonly Row[] {
  const children = childrenOf(family, component);
  const opens = depth + 1 < SHOWN_DEPTH && children.some(({ custom }) => !custom);
  const held = opens ? children.filter(({ custom }) => custom) : family.below(component);
  return [
    [`${"  ".repeat(depth)}${component.name}`, kindOf(component), tally(held)],
    ...(opens ? fold(children, family, depth + 1) : []),
  ];
}

/** `aws:s3/bucket:Bucket` -> `aws s3 Bucket`. */
const tokenOf = ({ type }: PreviewedResource): string => {
  const [pkg = "", module = "", kind = ""] = type.split(":");
  return [pkg, module.split("/")[0], kind].filter((part) => part !== "" && part !== "index").join(" ");
};

const marks = ({ options }: PreviewedResource): readonly string[] => [
  ...(options.protect === true ? ["protected"] : []),
  ...(options.retainOnDelete === true ? ["kept on delete"] : []),
];
