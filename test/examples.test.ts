import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalog, type CatalogId, type Guide } from "../practice/catalog/index.ts";
import { listStacks, readStack, settingsOf } from "../practice/config/index.ts";
import type { Settings } from "../practice/config/settings.ts";
import { type Plan, soundPlan } from "../practice/plan/index.ts";
import { previewStack } from "../preview/preview.ts";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

const guides = ["esn", "lms", "opendev", "trixtech", "webapp"] as const satisfies readonly Guide[];

/** Some items that are due because of what a system has, written by hand: the catalog cannot vouch for itself. */
const dueBecauseOfWhatItHas: Readonly<Record<(typeof guides)[number], readonly CatalogId[]>> = {
  webapp: ["backup.mongodb.daily", "backup.userdata.export", "upkeep.sessions.cleanup", "upkeep.cache.cleanup", "recover.restore.mongodb"],
  opendev: ["backup.mongodb.daily", "backup.full.weekly", "backup.managed", "rotate.database-passwords", "monitor.orders"],
  lms: ["backup.mongodb.daily", "backup.postgresql.daily", "upkeep.postgresql.vacuum", "monitor.attacks", "monitor.payments"],
  esn: ["backup.postgresql.daily", "upkeep.purge", "recover.maintenance-mode", "recover.restore.postgresql", "rotate.api-keys"],
  trixtech: ["backup.mongodb.daily", "backup.files.daily", "monitor.replication-lag", "protect.firewall", "task.support"],
};

/** What its guide wants backed up beside what the system works with each day. */
const alsoBackedUp: Readonly<Partial<Record<(typeof guides)[number], readonly CatalogId[]>>> = {
  opendev: ["backup.full.weekly"],
  webapp: ["backup.configuration", "backup.repository", "backup.userdata.export"],
};

/** What a system does not have must not be due: an item that applies everywhere says nothing. */
const notDue: Readonly<Record<(typeof guides)[number], readonly CatalogId[]>> = {
  webapp: ["backup.postgresql.daily", "backup.files.daily", "backup.managed", "upkeep.postgresql.vacuum"],
  opendev: ["backup.postgresql.daily", "backup.files.daily", "upkeep.cache.cleanup"],
  lms: [],
  esn: ["backup.mongodb.daily", "backup.files.daily", "recover.restore.mongodb"],
  trixtech: ["backup.postgresql.daily", "backup.managed", "upkeep.cache.cleanup", "recover.restore.postgresql"],
};

it("there is one for each of the source guides", () => {
  expect(readdirSync(examples).toSorted()).toEqual(guides);
});

describe.each(guides)("the example %s", (guide) => {
  const folder = resolve(examples, guide);
  const read = (): { readonly settings: Settings; readonly plan: Plan } => {
    const source = readStack(folder, "prod");
    const settings = settingsOf(source);
    return { settings, plan: soundPlan(settings, source.locate) };
  };
  const due = (): ReadonlySet<CatalogId> =>
    new Set(read().plan.items.filter((item) => item.applies && item.notApplicable === undefined).map(({ id }) => id));

  it("is a sound stack file", () => {
    expect(read).not.toThrow();
  });

  it("has the stack prod, and runs the program of this repository as the repository's own stacks do", () => {
    const { project } = readStack(folder, "prod");
    expect(listStacks(folder)).toEqual(["prod"]);
    expect(project.name).toBe(guide);
    expect(resolve(folder, project.main ?? "")).toBe(resolve(root, "index.ts"));
    expect(existsSync(resolve(root, "index.ts"))).toBe(true);
    expect(project.runtime).toEqual(readStack(root, "prod").project.runtime);
  });

  it("has every item due that its guide asks for, and answers none of them away", () => {
    const asked = catalog.filter(({ askedBy }) => askedBy.includes(guide)).map(({ id }) => id);
    expect(asked.length).toBeGreaterThan(20);
    expect([...due()]).toEqual(expect.arrayContaining(asked));
  });

  it("has due what it has", () => {
    expect([...due()]).toEqual(expect.arrayContaining([...dueBecauseOfWhatItHas[guide]]));
  });

  it("has nothing due for what it does not have", () => {
    const items = due();
    expect(notDue[guide].filter((id) => items.has(id))).toEqual([]);
  });

  it("backs up whatever keeps data, each day", () => {
    const { plan, settings } = read();
    const databases = Object.entries(settings.databases).filter(([, { engine }]) => engine !== "redis").map(([name]) => name);
    const backups = plan.entries.flatMap((entry) => ((entry.kind === "database-backup" || entry.kind === "files-backup" || entry.kind === "host-backup") && entry.again === undefined ? [entry] : []));
    expect(backups.map(({ source }) => source).toSorted()).toEqual([...databases, ...Object.keys(settings.files)].toSorted());
    expect(backups.filter(({ carries }) => carries.length === 0)).toEqual([]);
  });

  it("restores each database whose guide asks for it into a server beside a task, wherever the database itself runs", () => {
    const { plan, settings } = read();
    const asked = Object.entries(settings.databases).flatMap(([name, { verify }]) => (verify.restore === undefined ? [] : [name]));
    expect(plan.entries.flatMap((entry) => (entry.kind === "drill" ? [entry.source] : [])).toSorted()).toEqual(asked.toSorted());
    expect(plan.entries.some((entry) => entry.kind === "network" && entry.drills)).toBe(asked.length > 0);
  });

  it("tells a person of every alert", () => {
    const { plan } = read();
    const routed = plan.entries.flatMap((entry) => (entry.kind === "routing" ? entry.routes : [])).filter(({ to }) => to.length > 0);
    const alerts = plan.entries.flatMap((entry) => (entry.kind === "alert" ? [entry] : []));
    expect(alerts.length).toBeGreaterThan(0);
    expect(alerts.filter(({ severity }) => !routed.some((route) => route.severity === severity))).toEqual([]);
  });

  it("previews without a problem, its backups carried by resources, with all that its guide asks to be backed up", async () => {
    const { coverage, problems, warnings } = await previewStack({ projectDir: folder, stack: "prod" });
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    const backups = coverage.filter(({ item, applies }) => /^backup\.\w+\.daily$/.test(item) && applies);
    expect(backups.length).toBeGreaterThan(0);
    expect(backups.filter(({ carriedBy }) => carriedBy.length === 0)).toEqual([]);
    const carried = coverage.filter(({ carriedBy }) => carriedBy.length > 0).map(({ item }) => item);
    expect(carried).toEqual(expect.arrayContaining([...(alsoBackedUp[guide] ?? [])]));
  });
});
