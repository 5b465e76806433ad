import { DashboardJson } from "@pulumi/datadog/dashboardJson.js";
import { Provider } from "@pulumi/datadog/provider.js";
import { ComponentResource, Config, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { BoardEntry } from "../practice/plan/entries.ts";
import type { Scope } from "./internal/scope.ts";

export interface BoardArgs {
  readonly scope: Scope;
  readonly entry: BoardEntry;
}

/** The ages of the backups, in Datadog, beside what else the team looks at there. It shows; AWS pages. */
export class Board extends ComponentResource {
  static readonly type = "upkeep:monitors:Board";

  constructor(name: string, { scope, entry }: BoardArgs, opts?: ComponentResourceOptions) {
    super(Board.type, name, { entry }, opts);
    const keys = new Config("datadog");
    const [apiKey, appKey] = [keys.getSecret("apiKey"), keys.getSecret("appKey")];

    // A provider of our own: the default one would ask Datadog's first site, which knows no customer of another.
    const provider = new Provider(name, { apiUrl: entry.apiUrl, ...(apiKey && { apiKey }), ...(appKey && { appKey }) }, { parent: this });
    new DashboardJson(name, { dashboard: JSON.stringify(dashboard(scope, entry)) }, { parent: this, provider });
    this.registerOutputs({});
  }
}

/** The JSON of Datadog's dashboard API; its text is the resource's input, so keys stay in this order. */
const dashboard = ({ system, stack }: Scope, { title, ages, metric }: BoardEntry): object => ({
  title,
  layout_type: "ordered",
  tags: [`team:${system.name}`],
  widgets: ages.map(({ source, limitSeconds }) => ({
    definition: {
      type: "timeseries",
      title: `Age of the newest backup: ${source}`,
      requests: [{ q: `max:${metric}{system:${system.name},stack:${stack},source:${source}}`, display_type: "line" }],
      markers: [{ value: `y = ${limitSeconds}`, display_type: "error dashed", label: "too old" }],
    },
  })),
});
