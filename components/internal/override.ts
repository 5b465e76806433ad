/** Last word on a child's arguments. Takes the defaults, returns what to use; changes neither. */
export type Override<Args> = (defaults: Args) => Args;

export const override = <Args>(by: Override<Args> | undefined, defaults: Args): Args => (by ? by(defaults) : defaults);
