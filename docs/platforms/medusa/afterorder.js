// @ts-nocheck
// A subscriber for Medusa v2: tells afterorder of each order. It lies in src/subscribers, and reads AFTERORDER_URL and
// AFTERORDER_SECRET; AFTERORDER_TIMEOUT and AFTERORDER_PAUSES (in seconds, between tries) may be set.

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** Medusa's own event bus hands an event out once, unless it is told otherwise; so what fails is tried again here. */
const PAUSES = "1,5,30,120,600";
const TIMEOUT = "5";

/** What each event says of the order, and how the order is found by the id that comes with it. */
const EVENTS = {
  "order.placed": { type: "order.placed", find: theOrder },
  "order.completed": { type: "order.fulfilled", find: theOrder },
  "order.canceled": { type: "order.cancelled", find: theOrder },
  "payment.captured": { type: "order.paid", find: ofThePayment },
  "shipment.created": { type: "order.fulfilled", find: ofTheFulfillment, once: "shipped_quantity" },
  "delivery.created": { type: "order.delivered", find: ofTheFulfillment, once: "delivered_quantity" },
};

const FIELDS = [
  "id", "display_id", "email", "currency_code", "total", "customer_id", "locale", "created_at", "canceled_at",
  "billing_address.*", "shipping_address.*", "shipping_methods.name", "sales_channel.name", "items.*", "items.detail.*",
];

export const config = { event: Object.keys(EVENTS) };

export default async function tellAfterorder({ event: { name, data }, container }) {
  const query = container.resolve("query");
  const { type, find, once } = EVENTS[name];
  const orderId = await find(query, data.id);
  const order = orderId && (await read(query, "order", FIELDS, { id: orderId }));
  // An order in two parcels is sent out, or delivered, with the second.
  if (!order || (once && !order.items.every((item) => quantity(item.detail, once) >= quantity(item, "quantity")))) return;
  const now = new Date().toISOString();
  const body = JSON.stringify({ type, timestamp: now, data: orderData(order, now) });
  // The same event has the same id, also when Medusa's event bus hands it out again after a restart.
  await deliver(`msg_${name}_${data.id}`, body, container.resolve("logger"));
}

/** Medusa's order in the words of the standard webhook. */
export function orderData(order, now) {
  const address = order.billing_address ?? order.shipping_address ?? {};
  return {
    id: order.id,
    number: String(order.display_id ?? order.id),
    email: order.email ?? null,
    first_name: address.first_name ?? null,
    language: order.locale ?? null,
    country: address.country_code?.toUpperCase() ?? null,
    currency: order.currency_code?.toUpperCase() ?? null,
    total: order.total == null ? null : Number(order.total).toFixed(2),
    items: order.items.slice(0, 5).map((item) => ({
      sku: item.variant_sku ?? null,
      title: item.product_title ?? item.title ?? null,
      category: item.product_type ?? null,
      quantity: quantity(item, "quantity"),
    })),
    channel: order.sales_channel?.name ?? null,
    delivery: order.shipping_methods?.[0]?.name ?? null,
    customer_id: order.customer_id ?? null,
    placed_at: new Date(order.created_at).toISOString(),
    updated_at: now,
  };
}

async function theOrder(_query, id) {
  return id;
}

async function ofTheFulfillment(query, id) {
  return (await read(query, "order_fulfillment", ["order_id"], { fulfillment_id: id }))?.order_id;
}

async function ofThePayment(query, id) {
  return (await read(query, "payment", ["payment_collection.order.id"], { id }))?.payment_collection?.order?.id;
}

async function read(query, entity, fields, filters) {
  return (await query.graph({ entity, fields, filters })).data[0];
}

function quantity(of, name) {
  return Number(of?.[name] ?? 0);
}

/** Throws when it is given up, so that an event bus that repeats failed events can repeat this one. */
async function deliver(messageId, body, logger) {
  const pauses = (process.env.AFTERORDER_PAUSES ?? PAUSES).split(",").map(Number);
  for (const pause of [...pauses, null]) {
    const { status, text } = await post(messageId, body);
    if (status === 200) return;
    const said = `afterorder: ${messageId} was not taken: ${status || "no answer"} ${text}`;
    if (status !== 0 && status !== 429 && status < 500) return logger.error(said);
    if (pause === null) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
}

async function post(messageId, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const key = Buffer.from(process.env.AFTERORDER_SECRET.replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", key).update(`${messageId}.${timestamp}.${body}`).digest("base64");
  const headers = {
    "content-type": "application/json",
    "webhook-id": messageId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
  const signal = AbortSignal.timeout(Number(process.env.AFTERORDER_TIMEOUT ?? TIMEOUT) * 1000);
  try {
    const response = await fetch(process.env.AFTERORDER_URL, { method: "POST", headers, body, redirect: "manual", signal });
    return { status: response.status, text: (await response.text()).slice(0, 500) };
  } catch (error) {
    return { status: 0, text: String(error.cause?.message ?? error.message) };
  }
}
