import { describe, expect, it } from "vitest";
import { reasonsAgainst } from "../../../../handlers/engines/postgresql/proof.ts";
import { scratchMark } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import type { TargetFacts } from "../../../../handlers/engines/postgresql/target-facts.ts";
import type { Purpose, RestoreSource } from "../../../../handlers/engines/restore.ts";

const source: RestoreSource = { database: "shop", server: { address: "db.example:5432", id: "7000" }, extensions: { plpgsql: "1.0", postgis: "3.4.2" } };
const fit: TargetFacts = {
  database: "scratch", server: { address: "scratch.example:5432", id: "8000" }, comment: scratchMark("scratch", "8000"), readOnly: false, template: false, found: [],
  extensions: { plpgsql: "1.0", postgis: "3.4.2" }, roles: ["postgres"],
};

describe("a target's proof", () => {
  const against = (changed: Partial<TargetFacts>, purpose: Purpose = "scratch", from = source): string =>
    reasonsAgainst({ ...fit, ...changed }, { purpose, source: from, asked: changed.database ?? "scratch", ownServer: false }).join(" ");

  it("is given by an empty, marked database on another server", () => {
    expect(against({})).toBe("");
  });

  it.each<[string, Partial<TargetFacts>, string]>([
    ["the server of its source, whatever it is called", { server: { address: "alias.example:6432", id: "7000" } }, "on the server of its source"],
    ["a server that took over its source's address", { server: { address: "DB.example:5432", id: "8000" } }, "on the server of its source"],
    ["a server that does not say what it is", { server: { address: "scratch.example:5432" } }, "is not known"],
    ["a database without a mark", { comment: null }, "not marked as scratch. If it may be thrown away, run in it: do $$"],
    ["a comment that only speaks of scratch", { comment: "scratch" }, "not marked as scratch."],
    ["a mark that a renamed database kept", { comment: scratchMark("old", "8000") }, "its mark is that of another database or server"],
    ["a mark that came with a copied server", { comment: scratchMark("scratch", "7999") }, "its mark is that of another database or server"],
    ["a standby", { readOnly: true }, "cannot be written"],
  ])("is refused to %s", (_, changed, reason) => {
    expect(against(changed)).toContain(reason);
  });

  it("is refused where the backup does not say which server it is of", () => {
    expect(against({}, "scratch", { database: "shop" })).toContain("is not known");
    expect(against({}, "scratch", { database: "shop", server: { address: "db.example:5432" } })).toContain("is not known");
  });

  it("knows that one machine's localhost is not another's", () => {
    const address = "localhost:5432";
    expect(against({ server: { address, id: "8000" } }, "scratch", { ...source, server: { address, id: "7000" } })).toBe("");
  });

  it.each<[string, Partial<TargetFacts>, RestoreSource, string]>([
    ["its source's name on its server", { database: "shop", server: { address: "a:1", id: "7000" } }, source, "on the same server. Recover into a new name"],
    ["its source's name but for the case", { database: "Shop", server: { address: "a:1", id: "7000" } }, source, "Recover into a new name"],
    ["its source's name where nobody knows which server it is", { database: "shop", server: { address: "a:1" } }, source, "is not known"],
  ])("of a recovery is refused to %s", (_, changed, from, reason) => {
    expect(against(changed, "recovery", from)).toContain(reason);
  });

  it.each<[string, Partial<TargetFacts>]>([
    ["another name on the same server", { server: { address: "db.example:5432", id: "7000" }, comment: null }],
    ["the same name on another server", { database: "shop", comment: null }],
  ])("of a recovery is given by %s", (_, changed) => {
    expect(against(changed, "recovery")).toBe("");
  });

  it.each([
    [undefined, "extension postgis 3.4.2, which is not there"],
    ["3.4.1", "extension postgis 3.4.2, where 3.4.1 is older"],
    ["3.4", "where 3.4 is older"],
    ["3.10.0", ""],
    ["unpackaged", ""],
  ])("names the extension that the target lacks: %s", (version, reason) => {
    const { postgis: _, ...others } = fit.extensions;
    const told = against({ extensions: version === undefined ? others : { ...others, postgis: version } });
    if (reason === "") expect(told).toBe("");
    else expect(told).toContain(reason);
  });

  it("names the roles that the target's server lacks, unless that is thrown away with it", () => {
    const guarded: RestoreSource = { ...source, roles: ["postgres", "seller", "the buyer"] };
    expect(against({}, "scratch", guarded)).toMatch(/lacks roles .*: seller, the buyer\. .*createuser --no-login 'seller'; createuser --no-login 'the buyer'$/);
    expect(against({ roles: ["postgres", "seller", "the buyer"] }, "scratch", guarded)).toBe("");
    expect(reasonsAgainst(fit, { purpose: "scratch", source: guarded, asked: "scratch", ownServer: true })).toEqual([]);
  });

  it("tells every reason at once", () => {
    expect(reasonsAgainst({ ...fit, readOnly: true, found: ["table public.a"], comment: null, extensions: {} }, { purpose: "scratch", source, asked: "other", ownServer: false })).toHaveLength(5);
  });
});
