// The official OpenAI client for Node against `gapwise gateway`, over a stub of a provider. run.sh starts it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import OpenAI, { APIError } from "openai";

let upstream, gateway, base, client;
const asked = [];

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const toolCall = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Kyiv"}' } };

// The provider: a tool call where tools are given, a refusal where the prompt says so, and a greeting otherwise.
function provider(req, res) {
  let body = "";
  req.on("data", (part) => (body += part));
  req.on("end", () => {
    const q = JSON.parse(body);
    asked.push(q);
    if (q.input) {
      return json(res, 200, { object: "list", model: q.model, data: q.input.map((_, index) => ({ object: "embedding", index, embedding: [0.6, -0.8] })), usage: { prompt_tokens: 4, total_tokens: 4 } });
    }
    if (JSON.stringify(q.messages).includes("overloaded")) return json(res, 400, { error: { message: "no" } });
    const message = q.tools ? { role: "assistant", content: null, tool_calls: [toolCall] } : { role: "assistant", content: "Hello there." };
    const finish_reason = q.tools ? "tool_calls" : "stop";
    const choices = Array.from({ length: q.n ?? 1 }, (_, index) => ({ index, message, finish_reason }));
    if (!q.stream) return json(res, 200, { id: "1", object: "chat.completion", created: 1, model: q.model, choices, usage });
    res.writeHead(200, { "Content-Type": "text/event-stream" });
    const send = (c, extra) => res.write(`data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: q.model, choices: c, ...extra })}\n\n`);
    if (q.tools) {
      send([{ index: 0, delta: { role: "assistant", tool_calls: [{ index: 0, id: toolCall.id, type: "function", function: { name: "weather", arguments: "" } }] }, finish_reason: null }]);
      for (const part of ['{"city":', '"Kyiv"}']) send([{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: part } }] }, finish_reason: null }]);
    } else {
      for (const part of ["Hello", " there."]) send([{ index: 0, delta: { content: part }, finish_reason: null }]);
    }
    send([{ index: 0, delta: {}, finish_reason }]);
    if (q.stream_options?.include_usage) send([], { usage });
    res.end("data: [DONE]\n\n");
  });
}

function json(res, status, value) {
  res.writeHead(status, { "Content-Type": "application/json" });
  res.end(JSON.stringify(value));
}

before(async () => {
  upstream = http.createServer(provider).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const address = `http://127.0.0.1:${upstream.address().port}/v1`;
  const probe = http.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const port = probe.address().port;
  probe.close();
  base = `http://127.0.0.1:${port}`;
  gateway = spawn(process.env.GAPWISE, ["gateway", "--addr", `127.0.0.1:${port}`], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env, LLM_BASE_URL: address, LLM_API_KEY: "k", LLM_MODEL: "gpt-4o", EMBEDDINGS_BASE_URL: address, EMBEDDINGS_API_KEY: "k",
      EMBEDDINGS_MODEL: "text-embedding-3-small", GAPWISE_BUDGET_PERSON_DAY: "0.02", GAPWISE_BUDGET_REQUEST: "0.02",
    },
  });
  for (let i = 0; i < 300; i++) {
    const ready = await fetch(`${base}/readyz`).then((r) => r.ok, () => false);
    if (ready) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  client = await newClient();
});

after(async () => {
  gateway.kill("SIGTERM");
  await once(gateway, "exit");
  upstream.close();
});

async function newClient() {
  const { token } = await (await fetch(`${base}/api/v1/guests`, { method: "POST" })).json();
  return new OpenAI({ apiKey: token, baseURL: `${base}/v1`, maxRetries: 0 });
}

const messages = [{ role: "user", content: "Hi" }];

test("chat", async () => {
  const { data, response } = await client.chat.completions.create({ model: "gpt-4o", messages, max_tokens: 50 }).withResponse();
  assert.equal(data.choices[0].message.content, "Hello there.");
  assert.equal(data.choices[0].finish_reason, "stop");
  assert.deepEqual(data.usage, usage);
  assert.equal(response.headers.get("x-gapwise-cost"), "0.00008"); // 12 at $2.50 and 5 at $10 a million
  assert.ok(Number(response.headers.get("x-gapwise-budget-remaining")) > 0);
  assert.equal(asked.at(-1).max_tokens, 50);
});

test("stream", async () => {
  const stream = await client.chat.completions.create({ model: "gpt-4o", messages, stream: true, stream_options: { include_usage: true } });
  let text = "", last, reason;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    reason = chunk.choices[0]?.finish_reason ?? reason;
    last = chunk;
  }
  assert.equal(text, "Hello there.");
  assert.equal(reason, "stop");
  assert.deepEqual(last.usage, usage);
  assert.equal(asked.at(-1).stream_options.include_usage, true);
  assert.equal(asked.at(-1).max_tokens, 1024);
});

test("the stream helper", async () => {
  const runner = client.chat.completions.stream({ model: "gpt-4o", messages });
  assert.equal(await runner.finalContent(), "Hello there.");
});

const tools = [{ type: "function", function: { name: "weather", description: "The weather of a city", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } } }];

test("tools pass through, and their results", async () => {
  const first = await client.chat.completions.create({ model: "gpt-4o", messages, tools, tool_choice: "auto", max_tokens: 50 });
  assert.equal(first.choices[0].finish_reason, "tool_calls");
  assert.deepEqual(first.choices[0].message.tool_calls, [toolCall]);
  assert.deepEqual(asked.at(-1).tools, tools);
  const second = await client.chat.completions.create({
    model: "gpt-4o", max_tokens: 50,
    messages: [...messages, first.choices[0].message, { role: "tool", tool_call_id: "call_1", content: "12 degrees" }],
  });
  assert.equal(second.choices[0].message.content, "Hello there.");
  assert.deepEqual(asked.at(-1).messages[1].tool_calls, [toolCall]);
  assert.equal(asked.at(-1).messages[2].tool_call_id, "call_1");
});

test("tools in a stream", async () => {
  const stream = await client.chat.completions.create({ model: "gpt-4o", messages, tools, stream: true, max_tokens: 50 });
  let name = "", args = "", reason;
  for await (const chunk of stream) {
    for (const call of chunk.choices[0]?.delta?.tool_calls ?? []) {
      name += call.function?.name ?? "";
      args += call.function?.arguments ?? "";
    }
    reason = chunk.choices[0]?.finish_reason ?? reason;
  }
  assert.deepEqual([name, JSON.parse(args), reason], ["weather", { city: "Kyiv" }, "tool_calls"]);
});

test("several answers, a seed and a format", async () => {
  const answer = await client.chat.completions.create({ model: "gpt-4o", messages, n: 2, seed: 7, stop: ["\n"], response_format: { type: "json_object" }, max_tokens: 50 });
  assert.equal(answer.choices.length, 2);
  assert.deepEqual([asked.at(-1).n, asked.at(-1).seed, asked.at(-1).stop, asked.at(-1).response_format], [2, 7, ["\n"], { type: "json_object" }]);
});

test("errors", async () => {
  const fails = async (promise, status, type, code, param) => {
    await assert.rejects(promise, (e) => {
      assert.ok(e instanceof APIError);
      assert.deepEqual([e.status, e.type, e.code, e.param], [status, type, code, param]);
      assert.ok(e.message.length > 10);
      return true;
    });
  };
  const create = (more, c = client) => c.chat.completions.create({ model: "gpt-4o", messages, max_tokens: 50, ...more });
  await fails(create({ model: "never-heard-of" }), 400, "invalid_request_error", "model-unpriced", "model");
  await fails(create({ audio: {} }), 400, "invalid_request_error", "unknown-field", "audio");
  await fails(create({ messages: [] }), 400, "invalid_request_error", "invalid-messages", "messages");
  await fails(create({}, new OpenAI({ apiKey: "wrong", baseURL: `${base}/v1`, maxRetries: 0 })), 401, "authentication_error", "unknown-token", null);
  await fails(create({ messages: [{ role: "user", content: "overloaded" }] }), 503, "server_error", "model-refused-request", null);
  await fails(create({ messages: [{ role: "user", content: "x".repeat(100_000) }] }, await newClient()), 402, "insufficient_quota", "budget-exceeded", null);
});

test("embeddings, as base64 and as numbers", async () => {
  for (const more of [{}, { encoding_format: "float" }]) {
    const { data, response } = await client.embeddings.create({ model: "text-embedding-3-small", input: ["Go", "Kafka"], ...more }).withResponse();
    assert.equal(data.data.length, 2);
    assert.equal(data.data[0].embedding.length, 2);
    assert.ok(Math.abs(data.data[0].embedding[0] - 0.6) < 1e-6 && Math.abs(data.data[0].embedding[1] + 0.8) < 1e-6);
    assert.equal(data.usage.prompt_tokens, 4);
    assert.equal(response.headers.get("x-gapwise-cost"), "0.00000008");
  }
});

test("models", async () => {
  const ids = [];
  for await (const m of client.models.list()) ids.push(m.id);
  assert.deepEqual(ids, ["gpt-4o", "text-embedding-3-small"]);
});
