/** A command line that was understood and cannot be done; its message never holds what a secret could be in. */
export class Misused extends Error {
  override readonly name = "Misused";
}
