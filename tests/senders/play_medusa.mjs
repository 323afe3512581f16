// A Medusa of stand-ins with the subscriber in it: the database and the events come as JSON on the input.

import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const { default: subscriber, config } = await import(pathToFileURL(process.argv[2]));
const { database, events } = JSON.parse(await text(process.stdin));

const query = {
  /** As Medusa's: the rows of an entity in which every filter matches, whole here where Medusa would pick the fields. */
  async graph({ entity, fields, filters }) {
    if (!Array.isArray(fields) || fields.length === 0) throw new Error("fields must be named");
    const matches = (row) => Object.entries(filters).every(([name, value]) => row[name] === value);
    return { data: (database[entity] ?? []).filter(matches) };
  },
};
const logger = { error: (said) => console.log(said) };
const container = { resolve: (name) => ({ query, logger })[name] };

for (const [name, id] of events) {
  if (!config.event.includes(name)) throw new Error(`nobody hears ${name}`);
  await subscriber({ event: { name, data: { id } }, container });
}
