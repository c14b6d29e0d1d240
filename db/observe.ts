/** What the server wants to know of the database's work. It fills this in: nothing here imports what stands above. */
export const observer: {
  /** Runs a transaction, watched. */
  transaction?: <T>(mode: 'read' | 'write', run: () => Promise<T>) => Promise<T>;
  /** Told of every error that ended a transaction. */
  failed?: (error: unknown) => void;
} = {};
