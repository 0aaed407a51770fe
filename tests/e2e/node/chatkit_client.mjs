// A ChatKit client in the small: asks what it reads from its standard input, line by line, parses the streams as
// browsers do, and checks every event and object against the protocol's schemas (chatkit-python 1.6). Writes a line for
// each event and one for the end of each request.
//
//     {"id": 1, "url": …, "body"?: {…}, "method"?: …, "leave_after"?: "thread.item.added"}

import { createInterface } from "node:readline";
import { createParser } from "eventsource-parser";
import { z } from "zod";

const time = z.iso.datetime();
const icon = z.string().optional();
const source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("file"), title: z.string(), filename: z.string(), description: z.string().optional(),
                   timestamp: z.string().optional(), group: z.string().optional() }),
  z.strictObject({ type: z.literal("url"), title: z.string(), url: z.url(), description: z.string().optional() }),
]);
const annotation = z.strictObject({ type: z.literal("annotation"), source, index: z.number().int().optional() });
const content = z.strictObject({ type: z.literal("output_text"), text: z.string(), annotations: z.array(annotation) });
const task = z.strictObject({ type: z.enum(["custom", "thought"]), title: z.string().optional(), icon, content: z.string().optional(),
                              status_indicator: z.enum(["none", "loading", "complete"]) });
export const attachment = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("file"), id: z.string().startsWith("atc_"), name: z.string(), mime_type: z.string(),
                   upload_descriptor: z.strictObject({ url: z.url(), method: z.enum(["POST", "PUT"]),
                                                       headers: z.record(z.string(), z.string()) }).optional() }),
  z.strictObject({ type: z.literal("image"), id: z.string().startsWith("atc_"), name: z.string(), mime_type: z.string(),
                   preview_url: z.url(),
                   upload_descriptor: z.strictObject({ url: z.url(), method: z.enum(["POST", "PUT"]),
                                                       headers: z.record(z.string(), z.string()) }).optional() }),
]);
const base = { thread_id: z.string().startsWith("thr_"), created_at: time };
const item = z.discriminatedUnion("type", [
  z.strictObject({ ...base, id: z.string().startsWith("msg_"), type: z.literal("user_message"),
                   content: z.array(z.strictObject({ type: z.literal("input_text"), text: z.string() })),
                   attachments: z.array(attachment), quoted_text: z.string().optional(),
                   inference_options: z.strictObject({ model: z.string().optional(),
                                                       tool_choice: z.strictObject({ id: z.string() }).optional() }) }),
  z.strictObject({ ...base, id: z.string().startsWith("msg_"), type: z.literal("assistant_message"), content: z.array(content) }),
  z.strictObject({ ...base, id: z.string().startsWith("tc_"), type: z.literal("client_tool_call"),
                   status: z.enum(["pending", "completed"]), call_id: z.string(), name: z.string(),
                   arguments: z.record(z.string(), z.unknown()), output: z.unknown().optional() }),
  z.strictObject({ ...base, id: z.string().startsWith("wf_"), type: z.literal("workflow"),
                   workflow: z.strictObject({ type: z.enum(["custom", "reasoning"]), tasks: z.array(task), expanded: z.boolean(),
                                              summary: z.strictObject({ title: z.string(), icon }).optional() }) }),
  z.strictObject({ ...base, id: z.string().startsWith("si_"), type: z.literal("structured_input"),
                   status: z.enum(["pending", "answered", "skipped"]), inputs: z.array(z.looseObject({ id: z.string(), type: z.string(), question: z.string() })),
                   answers: z.record(z.string(), z.strictObject({ values: z.array(z.string()), skipped: z.boolean() })).optional() }),
]);
const page = (of) => z.strictObject({ data: z.array(of), has_more: z.boolean(), after: z.string().optional() });
const status = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("active") }),
  z.strictObject({ type: z.literal("locked"), reason: z.string().optional() }),
  z.strictObject({ type: z.literal("closed"), reason: z.string().optional() }),
]);
const thread = z.strictObject({ id: z.string().startsWith("thr_"), title: z.string().optional(), created_at: time, status,
                                items: page(item) });
const index = z.number().int().nonnegative();
const update = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("assistant_message.content_part.added"), content_index: index, content }),
  z.strictObject({ type: z.literal("assistant_message.content_part.text_delta"), content_index: index, delta: z.string() }),
  z.strictObject({ type: z.literal("assistant_message.content_part.annotation_added"), content_index: index,
                   annotation_index: index, annotation }),
  z.strictObject({ type: z.literal("assistant_message.content_part.done"), content_index: index, content }),
  z.strictObject({ type: z.literal("workflow.task.added"), task_index: index, task }),
  z.strictObject({ type: z.literal("workflow.task.updated"), task_index: index, task }),
]);
const event = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("thread.created"), thread }),
  z.strictObject({ type: z.literal("thread.updated"), thread }),
  z.strictObject({ type: z.literal("thread.item.added"), item }),
  z.strictObject({ type: z.literal("thread.item.updated"), item_id: z.string(), update }),
  z.strictObject({ type: z.literal("thread.item.done"), item }),
  z.strictObject({ type: z.literal("thread.item.removed"), item_id: z.string() }),
  z.strictObject({ type: z.literal("thread.item.replaced"), item }),
  z.strictObject({ type: z.literal("stream_options"), stream_options: z.strictObject({ allow_cancel: z.boolean() }) }),
  z.strictObject({ type: z.literal("progress_update"), text: z.string(), icon }),
  z.strictObject({ type: z.literal("notice"), level: z.enum(["info", "warning", "danger"]), message: z.string(),
                   title: z.string().optional() }),
  z.strictObject({ type: z.literal("error"), code: z.string(), message: z.string().optional(), allow_retry: z.boolean() }),
]);
// What the requests that are no streams answer, by their type.
const answers = {
  "threads.get_by_id": thread, "threads.update": thread, "threads.list": page(thread), "items.list": page(item),
  "threads.delete": z.strictObject({}), "items.feedback": z.strictObject({}), "attachments.delete": z.strictObject({}),
  "attachments.create": attachment,
};

// What a client builds of the events; throws when one refers to what there is not.
class Items {
  all = new Map();

  see(event) {
    if (event.type === "thread.item.added") {
      if (this.all.has(event.item.id)) throw new Error(`the item ${event.item.id} is added twice`);
      if (event.item.type === "user_message") throw new Error("a user's message is added instead of done");
      this.all.set(event.item.id, structuredClone(event.item));
    }
    if (event.type === "thread.item.updated") this.change(this.all.get(event.item_id), event.update);
    if (event.type === "thread.item.done") this.finish(event.item);
  }

  change(item, update) {
    if (!item) throw new Error("an update of an item that was not added");
    const [kind] = update.type.split(".");
    if (kind !== item.type && update.type.split(".")[0] !== "workflow") throw new Error(`${update.type} of a ${item.type}`);
    if (update.type.endsWith("content_part.added")) item.content[update.content_index] = structuredClone(update.content);
    if (update.type.endsWith("text_delta")) item.content[update.content_index].text += update.delta;
    if (update.type.endsWith("annotation_added"))
      item.content[update.content_index].annotations[update.annotation_index] = update.annotation;
    if (update.type.endsWith("content_part.done")) this.same(item.content[update.content_index], update.content);
    if (update.type.startsWith("workflow.task")) item.workflow.tasks[update.task_index] = update.task;
  }

  finish(item) {
    const built = this.all.get(item.id);
    if (built?.type === "assistant_message") this.same(built.content, item.content);
    if (built?.type === "workflow") this.same(built.workflow.tasks, item.workflow.tasks);
    this.all.set(item.id, item);
  }

  same(built, told) {
    if (JSON.stringify(sorted(built)) !== JSON.stringify(sorted(told)))
      throw new Error(`the pieces give ${JSON.stringify(built)} and the whole is ${JSON.stringify(told)}`);
  }
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

// One client knows its items across its requests.
const items = new Items();
const write = (line) => process.stdout.write(JSON.stringify(line) + "\n");

async function readStream(id, response, leaveAfter, controller) {
  let left = false;
  const parser = createParser({
    onEvent(message) {
      if (left) return;
      if (message.event !== undefined || message.id !== undefined) throw new Error("the event has a name or an id");
      const data = event.parse(JSON.parse(message.data));
      items.see(data);
      write({ id, event: data });
      left = leaveAfter !== undefined && [data.type, data.update?.type].includes(leaveAfter);
      if (left) controller.abort();
    },
    onError(error) { throw error; },
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let raw = "";
  try {
    for await (const bytes of response.body) {
      const text = decoder.decode(bytes, { stream: true });
      raw += text;
      parser.feed(text);
    }
  } catch (error) {
    if (!left) throw error;
  }
  return { left, raw };
}

async function ask(request) {
  const controller = new AbortController();
  try {
    const body = request.form ? form(request.form) : request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = request.form || body === undefined ? {} : { "Content-Type": "application/json" };
    const response = await fetch(request.url, { method: request.method ?? "POST", body, headers, signal: controller.signal });
    const done = { id: request.id, status: response.status, type: response.headers.get("content-type"),
                   cache: response.headers.get("cache-control") };
    if (done.type?.startsWith("text/event-stream"))
      Object.assign(done, await readStream(request.id, response, request.leave_after, controller));
    else {
      done.text = await response.text();
      if (response.ok && answers[request.body?.type]) answers[request.body.type].parse(JSON.parse(done.text));
      if (response.ok && request.form) attachment.parse(JSON.parse(done.text));
    }
    write(done);
  } catch (error) {
    write({ id: request.id, fault: String(error?.stack ?? error) });
  }
}

function form({ name, content, type }) {
  const data = new FormData();
  data.append("file", new Blob([content], { type }), name);
  return data;
}

for await (const line of createInterface({ input: process.stdin })) ask(JSON.parse(line));
