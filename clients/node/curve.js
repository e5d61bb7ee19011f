// CURVE (https://rfc.zeromq.org/spec/26/): what a client of another machine proves itself with, and what hides its messages. Node has
// X25519; crypto_box around it is XSalsa20 and Poly1305 (https://cr.yp.to/snuffle/xsalsa-20110204.pdf, https://cr.yp.to/mac/poly1305-20050329.pdf).
"use strict";
const crypto = require("node:crypto");

// ---- keys

const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
const PUBLIC_DER = Buffer.from("302a300506032b656e032100", "hex"), SECRET_DER = Buffer.from("302e020100300506032b656e04220420", "hex"); // RFC 8410

// A key of 40 characters (https://rfc.zeromq.org/spec/32/).
function decode(text) {
  const key = Buffer.alloc(32);
  if (typeof text !== "string" || text.length !== 40 || [...text].some((letter) => !Z85.includes(letter))) throw new TypeError("a key has 40 characters of Z85");
  for (let i = 0; i < 8; i++) {
    const value = [...text.slice(5 * i, 5 * i + 5)].reduce((sum, letter) => sum * 85 + Z85.indexOf(letter), 0);
    key.writeUInt32BE(value, 4 * i);
  }
  return key;
}

const secretKey = (raw) => crypto.createPrivateKey({ key: Buffer.concat([SECRET_DER, raw]), format: "der", type: "pkcs8" });
const publicKey = (raw) => crypto.createPublicKey({ key: Buffer.concat([PUBLIC_DER, raw]), format: "der", type: "spki" });
const publicOf = (secret) => crypto.createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);

// What two share, as crypto_box has it.
function shared(secret, raw) {
  return hash(crypto.diffieHellman({ privateKey: secret, publicKey: publicKey(raw) }), Buffer.alloc(16));
}

// ---- Salsa20

const SIGMA = Buffer.from("expand 32-byte k");
const QUARTERS = [[0, 4, 8, 12], [5, 9, 13, 1], [10, 14, 2, 6], [15, 3, 7, 11], [0, 1, 2, 3], [5, 6, 7, 4], [10, 11, 8, 9], [15, 12, 13, 14]];

function input(key, rest) {
  const [s, k, r] = [SIGMA, key, rest].map((bytes) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i)));
  return Uint32Array.of(s[0], ...k.slice(0, 4), s[1], ...r, s[2], ...k.slice(4), s[3]);
}

function rounds(x) {
  const turn = (to, sum, by) => { x[to] ^= (sum << by) | (sum >>> (32 - by)); };
  for (let i = 0; i < 10; i++) {
    for (const [a, b, c, d] of QUARTERS) {
      turn(b, (x[a] + x[d]) | 0, 7);
      turn(c, (x[b] + x[a]) | 0, 9);
      turn(d, (x[c] + x[b]) | 0, 13);
      turn(a, (x[d] + x[c]) | 0, 18);
    }
  }
  return x;
}

function hash(key, nonce) {
  const x = rounds(input(key, nonce)), out = Buffer.alloc(32);
  [0, 5, 10, 15, 6, 7, 8, 9].forEach((from, i) => out.writeUInt32LE(x[from], 4 * i));
  return out;
}

// bytes under the stream of a key and a nonce of 24 bytes, whose first 32 are zeros: they become what Poly1305 takes.
function stream(key, nonce, bytes) {
  const start = input(hash(key, nonce.subarray(0, 16)), Buffer.concat([nonce.subarray(16), Buffer.alloc(8)]));
  const out = Buffer.alloc(bytes.length), block = Buffer.alloc(64);
  for (let at = 0; at < bytes.length; at += 64, start[8]++) {
    const x = rounds(start.slice());
    for (let i = 0; i < 16; i++) block.writeUInt32LE((x[i] + start[i]) >>> 0, 4 * i);
    for (let i = at; i < Math.min(at + 64, bytes.length); i++) out[i] = bytes[i] ^ block[i - at];
  }
  return out;
}

// ---- Poly1305: numbers of six limbs of 22 bits, whose products fit a double

const LIMB = 2 ** 22;

function limbs(bytes, top) {
  const padded = Buffer.alloc(20);
  padded.set(bytes);
  padded[bytes.length] = top;
  return [0, 1, 2, 3, 4, 5].map((i) => (padded.readUInt32LE((22 * i) >> 3) >>> ((22 * i) & 7)) & (LIMB - 1));
}

function tag(key, bytes) {
  const clamped = Buffer.from(key.subarray(0, 16));
  for (const i of [3, 7, 11, 15]) clamped[i] &= 15;
  for (const i of [4, 8, 12]) clamped[i] &= 252;
  const r = limbs(clamped, 0);
  let h = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at += 16) {
    const sum = limbs(bytes.subarray(at, at + 16), 1).map((limb, i) => limb + h[i]);
    let carry = 0;
    h = r.map((_, i) => {
      for (let j = 0; j < 6; j++) carry += sum[j] * (j <= i ? r[i - j] : 20 * r[i + 6 - j]); // 2^132 is 20
      const limb = carry % LIMB;
      carry = (carry - limb) / LIMB;
      return limb;
    });
    const low = h[0] + 20 * carry;
    h[0] = low % LIMB;
    h[1] += Math.floor(low / LIMB);
  }
  const all = h.reduceRight((sum, limb) => (sum << 22n) + BigInt(limb), 0n) % ((1n << 130n) - 5n);
  const end = all + BigInt("0x" + Buffer.from(key.subarray(16, 32)).reverse().toString("hex"));
  return Buffer.from((end % (1n << 128n)).toString(16).padStart(32, "0"), "hex").reverse();
}

function box(key, nonce, bytes) {
  const hidden = stream(key, nonce, Buffer.concat([Buffer.alloc(32), bytes]));
  return Buffer.concat([tag(hidden, hidden.subarray(32)), hidden.subarray(32)]);
}

function unbox(key, nonce, boxed) {
  const shown = stream(key, nonce, Buffer.concat([Buffer.alloc(32), boxed.subarray(16)]));
  if (boxed.length < 16 || !crypto.timingSafeEqual(tag(shown, boxed.subarray(16)), boxed.subarray(0, 16))) throw new Error("not under our keys");
  return shown.subarray(32);
}

// ---- the client's side of a connection

class Curve {
  constructor({ server, public: own, secret }) {
    this.server = decode(server);
    this.own = decode(own);
    this.secret = secretKey(decode(secret));
    this.short = secretKey(crypto.randomBytes(32)); // of this connection alone
    this.count = this.heard = 0n;
  }

  // A nonce that says what it is for, and its 8 bytes on the wire.
  next(purpose) {
    const count = Buffer.alloc(8);
    count.writeBigUInt64BE(++this.count);
    return [Buffer.concat([Buffer.from(purpose), count]), count];
  }

  hello() {
    const [nonce, count] = this.next("CurveZMQHELLO---");
    const proof = box(shared(this.short, this.server), nonce, Buffer.alloc(64));
    return Buffer.concat([Buffer.from("\x05HELLO\x01\x00"), Buffer.alloc(72), publicOf(this.short), count, proof]);
  }

  // The answer to WELCOME.
  initiate(body, metadata) {
    const welcome = unbox(shared(this.short, this.server), Buffer.concat([Buffer.from("WELCOME-"), body.subarray(8, 24)]), body.subarray(24));
    const theirs = welcome.subarray(0, 32), long = crypto.randomBytes(16);
    const vouch = box(shared(this.secret, theirs), Buffer.concat([Buffer.from("VOUCH---"), long]), Buffer.concat([publicOf(this.short), this.server]));
    this.key = shared(this.short, theirs);
    const [nonce, count] = this.next("CurveZMQINITIATE");
    const boxed = box(this.key, nonce, Buffer.concat([this.own, long, vouch, metadata]));
    return Buffer.concat([Buffer.from("\x08INITIATE"), welcome.subarray(32), count, boxed]);
  }

  // It answers with the keys of this connection, or this throws.
  ready(body) {
    unbox(this.key, Buffer.concat([Buffer.from("CurveZMQREADY---"), body.subarray(6, 14)]), body.subarray(14));
  }

  // A frame's flags (1: more, 2: command) and body as what goes over the wire, and back.
  seal(flags, body) {
    const [nonce, count] = this.next("CurveZMQMESSAGEC");
    return Buffer.concat([Buffer.from("\x07MESSAGE"), count, box(this.key, nonce, Buffer.concat([Buffer.from([flags]), body]))]);
  }

  open(body) {
    const count = body.subarray(8, 16), plain = unbox(this.key, Buffer.concat([Buffer.from("CurveZMQMESSAGES"), count]), body.subarray(16));
    if (count.readBigUInt64BE() <= this.heard) throw new Error("it was here before");
    this.heard = count.readBigUInt64BE();
    return [plain[0], plain.subarray(1)];
  }
}

module.exports = { Curve };
