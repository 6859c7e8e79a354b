/** Values are readonly but for the one function that is folding something into them. */

/** The same, to be written to in place: a million rows a second leave no time to make a new value for each. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] extends object ? Draft<T[Key]> : T[Key] };
