/** Ways to write the machine itself. */
const thisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** An address that a repository may be cloned from: encrypted on its way, and without user, token or options. */
export function isRepositoryUrl(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, search, hash, pathname } = new URL(text);
  return protocol === "https:" && username + password + search + hash === "" && pathname.length > 1;
}

/** On an open way everybody could read the token and change the code: only to the machine itself there is no way. */
export const isPrivateWay = ({ protocol, hostname }: URL): boolean => protocol === "https:" || (protocol === "http:" && thisMachine.test(hostname));
