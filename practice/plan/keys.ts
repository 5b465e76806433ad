/** The longest window that AWS offers between asking for a key's deletion and the loss of all it encrypted. */
export const KEY_WINDOW_DAYS = 30;
