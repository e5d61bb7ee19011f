/** An event of the log. */
export class Event {
  readonly sequence: number;
  /** The same, as a Trimmed has both. */
  readonly first: number;
  readonly last: number;
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
/** The log was made anew, and the sequences that were asked for are not of this one. */
export class Renewed extends Error {}
export const ENDPOINT: string;
/** What a client on another machine brings (`wireroom keys new`), 40 characters each; server is the daemon's server.public. */
export interface Keys {
  server: string;
  public: string;
  secret: string;
}
export interface ReplayOptions {
  /** Beginnings of topics with spaces between them. */
  filter?: string;
  endpoint?: string;
  /** Events on their way at most. */
  window?: number;
  /** For an endpoint of another machine. */
  keys?: Keys | null;
}
export interface Options extends ReplayOptions {
  /** Beginnings of topics with spaces between them; "" for what the name has. */
  filter?: string;
  /** Where a new name begins: "now", "first", "last", "seq N", "time T". */
  start?: string;
}
/**
 * Events, and Trimmed where they are lost for good. Leaving the loop does not close it: it may be iterated over again, from the next
 * event on. What it throws (Fenced, Lost, Refused) closes it.
 */
export class Consumer implements AsyncIterable<Event | Trimmed> {
  constructor(name: string, options?: Options);
  /** Another one: the log was made anew, and sequences of before mean nothing. */
  readonly epoch: string | null;
  /** What is acknowledged on the daemon's disk. */
  readonly acked: number;
  readonly head: number;
  [Symbol.asyncIterator](): AsyncIterator<Event | Trimmed>;
  /** Done with this event and all before it. */
  ack(event: Event | Trimmed | number): void;
  /** Wait until what was acknowledged is on the daemon's disk; false when the time (5000) was over before. */
  flush(milliseconds?: number): Promise<boolean>;
  /** Waits a second at most for what was acknowledged. */
  close(): Promise<void>;
}
/**
 * The events from first to last, both included, and Trimmed where they are lost for good. Each is a sequence; an event's id; or a time
 * (RFC 3339): the events since first, those before last. null: the newest of now. A daemon that is away is waited for. Renewed is
 * thrown when the log is not the one that an id, or what came before an outage, was of.
 */
export function replay(first?: number | string, last?: number | string | null, options?: ReplayOptions): AsyncGenerator<Event | Trimmed, void, void>;
