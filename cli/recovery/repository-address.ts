import { sentence } from "../../practice/config/problems.ts";
import { Misused } from "./misused.ts";

/** A repository as its address names it. Never with a token. */
export interface RepositoryAddress {
  readonly engine: "repository";
  readonly host: string;
  /** Where it is cloned from, without a user. */
  readonly database: string;
  readonly username?: string;
}

export const isRepositoryAddress = (text: string): boolean => /^https?:\/\//i.test(text);

/** Reads an address. What it says of a wrong one never shows it: nobody knows yet which part of it is a token. */
export function parseRepository(option: string, text: string): RepositoryAddress {
  if (!URL.canParse(text)) throw new Misused(sentence(`${option} to be the address of a repository`, "one that cannot be read", `write it as \`${option} https://github.com/acme/shop.git\``));
  const url = new URL(text);
  // A user alone may be a token too, where the server asks for no password: tokens are longer.
  if (url.password !== "" || !username.test(url.username) || url.search !== "" || url.hash !== "") {
    throw new Misused(`Expected an address without a token or options after \`${option}\`, got one with them: every program on this machine can read a command line, and your shell keeps it. `
      + "Revoke that token; put a new one into a file that only you can read and name that: --password-file.");
  }
  if (url.protocol === "http:" && !thisMachine.test(url.hostname)) {
    throw new Misused(sentence(`${option} to begin with https:// for a server elsewhere`, "http://", "on the way there everybody could read the token and change the code"));
  }
  const user = url.username;
  url.username = "";
  return { engine: "repository", host: url.hostname, database: url.href, ...(user === "" ? {} : { username: user }) };
}

const username = /^[\w.-]{0,20}$/;

/** A socket, and the ways to write the machine itself. */
export const thisMachine = /^(|\/.*|localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** `https://github.com/acme/shop.git` -> `shop` */
export const repositoryName = (url: string): string => new URL(url).pathname.replace(/\/+$/, "").replace(/\.git$/, "").split("/").at(-1) ?? "";
