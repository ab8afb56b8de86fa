// One workload on the peer that can do it: run.mjs FOLDER NAME
//
// Prints the same line as bench/measure.lua, or nothing (and why on standard
// error) where no peer can.  Peers: aws-local-stepfunctions for machines,
// jsonpath-rfc9535 for JSONPath, jsonata for JSONata.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// One peer uses this of Node 22.
Promise.withResolvers ??= function () {
  const pair = {};
  pair.promise = new this((resolve, reject) => Object.assign(pair, { resolve, reject }));
  return pair;
};

const ROUNDS = 3;
const [root, name] = process.argv.slice(2);
const read = (file) => readFileSync(join(root, name, file), "utf8");
const json = (file) => JSON.parse(read(file));
const about = json("workload.json");
const handlers = JSON.parse(readFileSync(join(root, "handlers.json"), "utf8"));

const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
};
const canonical = (value) => JSON.stringify(sorted(value));
const same = (a, b) => canonical(a) === canonical(b);

// The median of a few rounds, in seconds.
async function timed(body) {
  const seconds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    await body();
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  return seconds.sort((a, b) => a - b)[ROUNDS >> 1];
}

class Failure extends Error {
  constructor(error, cause) {
    super(cause);
    this.name = error;
  }
}

const kindsOfHandler = {
  echo: () => (input) => input,
  return: (handler) => () => handler.value,
  throw_if: (handler) => (input) => {
    if (input[handler.field] === true) throw new Failure(handler.error, handler.cause);
    return handler.value;
  },
};

// The peer wants handlers by the name of the state, at any depth.
function handlersByState(machine, found = {}) {
  for (const [state, body] of Object.entries(machine.States)) {
    if (body.Type === "Task") {
      const handler = handlers[body.Resource.split(":").pop()];
      found[state] = kindsOfHandler[handler.kind](handler);
    }
    for (const inner of [...(body.Branches ?? []), body.ItemProcessor, body.Iterator]) {
      if (inner) handlersByState(inner, found);
    }
  }
  return found;
}

async function machineOf(definition) {
  const { StateMachine } = await import("aws-local-stepfunctions");
  return new StateMachine(definition, { validationOptions: { checkArn: false } });
}

async function execute(inputs, expected, executions, units) {
  const definition = json("definition.json");
  const machine = await machineOf(definition);
  const options = { overrides: { taskResourceLocalHandlers: handlersByState(definition) } };
  let rights = 0;
  for (const [i, input] of inputs.entries()) {
    rights += same(await machine.run(input, options).result, expected[i]);
  }
  if (rights === 0) throw new Error("every output is wrong");
  const seconds = await timed(async () => {
    for (let i = 0; i < executions; i++) {
      await machine.run(inputs[i % inputs.length], options).result;
    }
  });
  return { engine: "aws-local-stepfunctions", units, seconds, right: rights === inputs.length };
}

function rightNodes(nodes, query) {
  const text = nodes.map(canonical).map((s) => Buffer.from(s)).sort(Buffer.compare).join("\n");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return nodes.length === query.count && sha256 === query.sha256;
}

const kinds = {
  execute_loop: () => execute([json("input.json")], [json("expected.json")], 1, about.units),
  execute_map: () => execute([json("input.json")], [json("expected.json")], 1, about.units),
  execute_many: () =>
    execute([json("input.json")], [json("expected.json")], about.executions, about.executions),
  execute_many_inputs: () =>
    execute(json("input.json"), json("expected.json"), about.executions, about.executions),

  async definition() {
    const text = read("definition.json");
    const rounds = Math.min(about.rounds, 20);
    const seconds = await timed(async () => {
      for (let i = 0; i < rounds; i++) await machineOf(JSON.parse(text));
    });
    return { engine: "aws-local-stepfunctions", units: rounds, seconds, right: true };
  },

  async jsonpath() {
    const { query } = await import("jsonpath-rfc9535");
    const document = json("document.json");
    const queries = json("queries.json");
    const right = queries.every((q) => rightNodes(query(document, q.query), q));
    const rounds = Math.min(about.rounds, 20);
    const seconds = await timed(() => {
      for (let i = 0; i < rounds; i++) for (const q of queries) query(document, q.query);
    });
    return { engine: "jsonpath-rfc9535", units: rounds * queries.length, seconds, right };
  },

  async jsonata() {
    const { default: jsonata } = await import("jsonata");
    const states = { input: json("document.json") };
    const queries = json("queries.json");
    const expressions = queries.map((q) => jsonata(q.expression));
    let right = true;
    for (const [i, expression] of expressions.entries()) {
      right = same(await expression.evaluate({}, { states }), queries[i].expected) && right;
    }
    const rounds = Math.min(about.rounds, 20);
    const seconds = await timed(async () => {
      for (let i = 0; i < rounds; i++) {
        for (const expression of expressions) await expression.evaluate({}, { states });
      }
    });
    return { engine: "jsonata", units: rounds * queries.length, seconds, right };
  },
};

try {
  const { engine, units, seconds, right } = await kinds[about.kind]();
  console.log(
    JSON.stringify({
      engine,
      name,
      unit: about.unit,
      units,
      us_per_unit: Number(((seconds / units) * 1e6).toPrecision(4)),
      peak_memory: process.resourceUsage().maxRSS * 1024,
      right,
    }),
  );
} catch (error) {
  console.error(`bench: the peer can't do ${name}: ${error.message.split("\n")[0]}`);
}
