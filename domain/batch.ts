/** Calls that may travel in one request: what the door takes, the screens' client keeps to. */
export const maxBatch = 20;
