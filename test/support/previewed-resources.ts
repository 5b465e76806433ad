import type { PreviewedResource } from "../../preview/engine/resource.ts";

/** A resource as previews record it; its name and type are in its URN, as the engine has it. */
export const resource = (type: string, name: string, parts: Partial<PreviewedResource> = {}): PreviewedResource => ({
  urn: `urn:pulumi:test::campus::${type}::${name}`,
  type,
  name,
  custom: true,
  inputs: {},
  options: {},
  propertyDependencies: {},
  ...parts,
});

export const component = (type: string, name: string, parts: Partial<PreviewedResource> = {}): PreviewedResource =>
  resource(type, name, { custom: false, ...parts });
