/** An event of the log. */
export class Event {
  readonly sequence: number;
  readonly topic: string;
  /** As it was published. */
  readonly body: Buffer;
  readonly json: any;
  readonly data: any;
}
/** Sequences, both ends included, that left the log before they were read. */
export class Trimmed {
  readonly first: number;
  readonly last: number;
}
/** The daemon does not understand, or does not allow, what was asked. */
export class Refused extends Error {}
/** Another client reads under the name now, or an operator set it to another place. */
export class Fenced extends Error {}
/** An operator removed the consumer. */
export class Lost extends Error {}
export const ENDPOINT: string;
/** What a client on another machine brings (`wireroom keys new`), 40 characters each; server is the daemon's server.public. */
export interface Keys {
  server: string;
  public: string;
  secret: string;
}
export interface Options {
  /** Beginnings of topics with spaces between them; "" for what the name has. */
  filter?: string;
  /** Where a new name begins: "now", "first", "last", "seq N", "time T". */
  start?: string;
  endpoint?: string;
  /** Events on their way at most. */
  window?: number;
  /** For an endpoint of another machine. */
  keys?: Keys;
}
export class Consumer implements AsyncIterable<Event | Trimmed> {
  constructor(name: string, options?: Options);
  readonly epoch: string | null;
  /** What is acknowledged on the daemon's disk. */
  readonly acked: number;
  readonly head: number;
  [Symbol.asyncIterator](): AsyncIterator<Event | Trimmed>;
  ack(event: Event | number): void;
  close(): void;
}
