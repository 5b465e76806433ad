import { expect, it } from "vitest";
import { pageFor, wantsColour } from "../../cli/terminal.ts";

const terminal = { isTTY: true };

it.each([
  { screen: terminal, environment: {}, colour: true, why: "a terminal" },
  { screen: {}, environment: {}, colour: false, why: "a pipe" },
  { screen: terminal, environment: { NO_COLOR: "1" }, colour: false, why: "NO_COLOR" },
  { screen: terminal, environment: { NO_COLOR: "" }, colour: true, why: "an empty NO_COLOR, which means nothing" },
  { screen: terminal, environment: { TERM: "dumb" }, colour: false, why: "a terminal that has none" },
  { screen: {}, environment: { FORCE_COLOR: "1" }, colour: true, why: "FORCE_COLOR in a pipe" },
  { screen: terminal, environment: { FORCE_COLOR: "0" }, colour: false, why: "FORCE_COLOR=0" },
  { screen: {}, environment: { FORCE_COLOR: "1", NO_COLOR: "1" }, colour: false, why: "NO_COLOR before FORCE_COLOR" },
])("colour is $colour with $why", ({ screen, environment, colour }) => {
  expect(wantsColour(screen, environment)).toBe(colour);
});

it.each([
  { screen: { isTTY: true, columns: 90 }, width: 90 },
  { screen: { isTTY: true, columns: 250 }, width: 100 },
  { screen: { isTTY: true, columns: 20 }, width: 50 },
  { screen: { isTTY: true }, width: 80 },
  { screen: { columns: 250 }, width: 80 },
])("a page on $screen is $width columns wide", ({ screen, width }) => {
  expect(pageFor(screen, {}).width).toBe(width);
});
