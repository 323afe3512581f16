// Tell afterorder of an order, a support case or a rating: the standard webhook from Node.js 18 on, without dependencies.
//
//     const sender = new Sender("https://ask.shop.example/webhooks/acme/standard", "whsec_...");
//     await sender.send("order.fulfilled", { id: "1001", email: "anna@example.com", total: "99.80", currency: "PLN" });
//
// As a command, with AFTERORDER_URL and AFTERORDER_SECRET set:  node afterorder.mjs < event.json
// where event.json holds {"type": ..., "data": {...}} and, if it was told before, its "id".

import { Buffer } from "node:buffer";
import { createHmac, randomUUID } from "node:crypto";
import { text as read } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** It was refused, or could not be delivered. `status` is what was answered, 0 if nothing was; `messageId` is for another try. */
export class NotTaken extends Error {
  constructor(status, text, messageId) {
    super(reason(status, text));
    Object.assign(this, { status, messageId });
  }
}

/** Posts to one address. A try takes at most `timeout` seconds; `pauses` are the seconds between tries. */
export class Sender {
  #url;
  #key;
  #timeout;
  #pauses;

  constructor(url, secret, { timeout = 5, pauses = [1, 5, 30] } = {}) {
    this.#url = new URL(url);
    if (this.#url.protocol !== "https:" && !["127.0.0.1", "localhost"].includes(this.#url.hostname)) {
      throw new Error("the address must begin with https://");
    }
    const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.trim());
    this.#key = Buffer.from(encoded?.[1] ?? "", "base64");
    if (this.#key.length < 24) {
      throw new Error("the secret must be whsec_ and at least 24 bytes in base64");
    }
    this.#timeout = timeout;
    this.#pauses = pauses;
  }

  /** Resolves to the message's id when it is durably kept, else throws NotTaken. Give the id again when you send the same again later. */
  async send(type, data, messageId = `msg_${randomUUID().replaceAll("-", "")}`) {
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    let { status, text } = await this.post(messageId, body);
    for (const pause of this.#pauses) {
      if (!mayBeRepeated(status)) break;
      await sleep(pause * 1000);
      ({ status, text } = await this.post(messageId, body));
    }
    if (status !== 200) {
      throw new NotTaken(status, text, messageId);
    }
    return messageId;
  }

  /** Tries once. Resolves to the status, 0 without an answer, and what was said. Redirects are not followed. */
  async post(messageId, body) {
    const headers = this.headers(messageId, Math.floor(Date.now() / 1000), body);
    const signal = AbortSignal.timeout(this.#timeout * 1000);
    try {
      const response = await fetch(this.#url, { method: "POST", headers, body, redirect: "manual", signal });
      return { status: response.status, text: (await response.text()).slice(0, 2000) };
    } catch (error) {
      return { status: 0, text: String(error.cause?.message ?? error.message) };
    }
  }

  /** Signs as https://www.standardwebhooks.com says. Each try has a time of its own; the id stays. */
  headers(messageId, timestamp, body) {
    const signature = createHmac("sha256", this.#key).update(`${messageId}.${timestamp}.${body}`).digest("base64");
    return {
      "content-type": "application/json",
      "webhook-id": messageId,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`,
    };
  }
}

export function mayBeRepeated(status) {
  return status === 0 || status === 429 || status >= 500;
}

/** Says in words what a refusal means. */
export function reason(status, text) {
  if (status === 0) return `no answer (${text})`;
  if (status === 401) return `401: refused; check the secret, and this machine's clock (${text})`;
  if (status === 404) return `404: no such shop; check the address (${text})`;
  if (status >= 300 && status < 400) return `${status}: redirected, which is not followed; check the address`;
  return `${status}: ${text}`;
}

async function main({ AFTERORDER_URL = "", AFTERORDER_SECRET = "", AFTERORDER_TIMEOUT = "5", AFTERORDER_PAUSES = "1,5,30" }) {
  const event = JSON.parse(await read(process.stdin));
  const limits = { timeout: Number(AFTERORDER_TIMEOUT), pauses: AFTERORDER_PAUSES.split(",").map(Number) };
  let sender;
  try {
    sender = new Sender(AFTERORDER_URL, AFTERORDER_SECRET, limits);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  try {
    console.log(await sender.send(event.type, event.data, event.id));
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    console.error(`${event.type} was not taken, message ${error.messageId}: ${error.message}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.env);
}
