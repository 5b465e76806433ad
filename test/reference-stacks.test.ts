import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readYaml } from "../practice/config/yaml-file.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** `upkeep:system.network.egress = "nat"` for each value below `upkeep:`. */
function saidIn(name: string): readonly string[] {
  const { config } = readYaml(repository, name).value;
  return leaves(config).filter((leaf) => leaf.startsWith("upkeep:"));
}

function leaves(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

it("the reference stacks repeat nothing that is equal: it stands in Pulumi.yaml", () => {
  const [prod, staging] = [saidIn("Pulumi.prod.yaml"), saidIn("Pulumi.staging.yaml")];
  expect(Math.min(prod.length, staging.length)).toBeGreaterThan(15);
  expect(prod.filter((leaf) => staging.includes(leaf))).toEqual([]);
});
