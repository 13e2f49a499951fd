"use strict";
const $ = (id) => document.getElementById(id);
const token = () => sessionStorage.getItem("token") ?? "";

/** Builds an element; children that are null are left out, text is never read as markup. */
function h(tag, attributes, ...children) {
  const element = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false).map((child) => child.nodeType ? child : String(child)));
  return element;
}

/** Asks in the operator's name; throws the problem that is answered. */
async function ask(path, body) {
  const headers = { Accept: "application/json", Authorization: `Bearer ${token()}` };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store" });
  const document = await answer.json();
  if (!answer.ok) throw document;
  return document;
}

// Numbers as people read them ------------------------------------------------------------------------------------------

function duration(nanoseconds) {
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(nanoseconds < 1e5 ? 1 : 0)} µs`;
  if (nanoseconds < 1e9) return `${(nanoseconds / 1e6).toFixed(nanoseconds < 1e8 ? 1 : 0)} ms`;
  return `${(nanoseconds / 1e9).toFixed(1)} s`;
}
const rate = (perSecond) => perSecond === 0 ? "0/s" : perSecond < 10 ? `${perSecond.toFixed(1)}/s` : `${Math.round(perSecond)}/s`;
const clock = (microseconds) => new Date(microseconds / 1e3).toLocaleTimeString([], { hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shortName = (name) => name.replace(/^hms\.\w+\.v1\./, "");
const silence = (services) => services.length ? h("p", { class: "warn" }, `No answer from ${[...new Set(services)].join(", ")}.`) : null;

// The hospital ---------------------------------------------------------------------------------------------------------

let earlier = null;
let dead = [];

/** What a total has grown by since the last look, by the second. */
function growth(now, before, seconds) {
  const known = before && before.calls <= now.calls ? before : now;
  const calls = now.calls - known.calls;
  return { rate: calls / seconds, failing: (now.failed - known.failed) / seconds, mean: calls ? (now.total_us - known.total_us) * 1e3 / calls : null };
}

/** The processes of one service as one. */
function byService(overview) {
  const services = new Map();
  for (const process of overview.processes) {
    const known = services.get(process.service) ?? { service: process.service, calls: 0, failed: 0, total_us: 0, in_flight: 0, waiting_writes: 0, processes: 0, peers: new Map(), queues: new Map() };
    for (const name of ["calls", "failed", "total_us", "in_flight", "waiting_writes"]) known[name] += process[name];
    known.processes += 1;
    for (const peer of process.peers) {
      const sum = known.peers.get(peer.peer) ?? { calls: 0, failed: 0, total_us: 0 };
      for (const name of Object.keys(sum)) sum[name] += peer[name];
      known.peers.set(peer.peer, sum);
    }
    // Replicas share one outbox.
    for (const queue of process.queues) known.queues.set(queue.subscriber, queue);
    services.set(process.service, known);
  }
  return services;
}

const places = { rest: [20, 205], payment: [250, 20], appointment: [250, 144], prescription: [250, 268], billing: [480, 20], patient: [480, 144], doctor: [480, 268], notification: [250, 392] };
const size = [170, 58];

function serviceMap(services, before, seconds, silent) {
  const lines = [], nodes = [];
  for (const [name, service] of services) {
    for (const [peer, totals] of service.peers) {
      const [from, to] = [places[name], places[peer]];
      if (!from || !to || !totals.calls) continue;
      const flow = growth(totals, before?.get(name)?.peers.get(peer), seconds);
      const [x1, y1] = [from[0] + (to[0] > from[0] ? size[0] : to[0] < from[0] ? 0 : size[0] / 2), from[1] + (to[0] === from[0] ? (to[1] > from[1] ? size[1] : 0) : size[1] / 2)];
      const [x2, y2] = [to[0] + (to[0] > from[0] ? 0 : to[0] < from[0] ? size[0] : size[0] / 2), to[1] + (to[0] === from[0] ? (to[1] > from[1] ? 0 : size[1]) : size[1] / 2)];
      const middle = (x1 + x2) / 2;
      const d = to[0] === from[0] ? `M${x1} ${y1} L${x2} ${y2}` : `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
      lines.push(h("svg:path", { d, class: flow.failing > 0 ? "failing" : flow.rate > 0 ? "busy" : "" },
        h("svg:title", null, `${name} → ${peer}: ${rate(flow.rate)}, ${totals.calls} since the start, ${totals.failed} failed`)));
    }
  }
  for (const [name, [x, y]] of Object.entries(places)) {
    const service = services.get(name);
    const flow = service && growth(service, before?.get(name), seconds);
    const kind = !service || silent.includes(name) ? "silent" : flow.failing > 0 ? "failing" : flow.rate > 0 ? "busy" : "";
    nodes.push(h("svg:g", { class: `node ${kind}` },
      h("svg:rect", { x, y, width: size[0], height: size[1], rx: 10 }),
      h("svg:text", { x: x + 14, y: y + 24 }, name === "rest" ? "public door" : name, service?.processes > 1 ? ` × ${service.processes}` : null),
      h("svg:text", { x: x + 14, y: y + 43, class: `figure ${flow?.failing > 0 ? "bad" : ""}` },
        !service ? "no answer" : `${rate(flow.rate)} · ${flow.mean === null ? "idle" : duration(flow.mean)}${flow.failing > 0 ? ` · ${rate(flow.failing)} fail` : ""}`)));
  }
  return h("div", { class: "scroll" }, h("svg:svg", { class: "map", viewBox: "0 0 670 470", role: "img", "aria-label": "Who calls whom" }, lines, nodes));
}

function queueTable(services) {
  const rows = [...services.values()].flatMap((service) => [...service.queues.values()].map((queue) => h("tr", null,
    h("td", null, `${service.service} → ${queue.subscriber}`),
    h("td", { class: `number ${queue.undelivered > 100 ? "warn" : ""}` }, queue.undelivered),
    h("td", { class: "number" }, queue.undelivered ? duration(queue.oldest_ms * 1e6) : "–"),
    h("td", { class: `number ${queue.dead_letters ? "bad" : ""}` }, queue.dead_letters))));
  if (!rows.length) return h("p", null, "Nobody waits for events.");
  return h("table", null, h("thead", null, h("tr", null, h("th", null, "Events"), h("th", { class: "number" }, "waiting"), h("th", { class: "number" }, "oldest"), h("th", { class: "number" }, "dead"))), h("tbody", null, rows));
}

function processTable(services, before, seconds) {
  return h("table", null,
    h("thead", null, h("tr", null, h("th", null, "Service"), h("th", { class: "number" }, "calls"), h("th", { class: "number" }, "failed"), h("th", { class: "number" }, "in flight"), h("th", { class: "number wide" }, "writes wait"))),
    h("tbody", null, [...services.values()].map((service) => h("tr", null, h("td", null, service.service),
      h("td", { class: "number" }, service.calls.toLocaleString("en")), h("td", { class: `number ${service.failed ? "bad" : ""}` }, service.failed),
      h("td", { class: "number" }, service.service === "rest" ? "–" : service.in_flight), h("td", { class: "number wide" }, service.service === "rest" ? "–" : service.waiting_writes)))));
}

async function revive(service, letter) {
  if (!confirm(`Send ${letter ? "this event" : "all dead letters of " + service} again? Mend first why it was refused.`)) return;
  await ask(`/ops/dead-letters/${service}/revive`, letter ? { event_ids: [letter.event_id], subscriber: letter.subscriber } : { all: true });
  await look();
}

function deadLetters() {
  if (!dead.length) return h("p", { class: "good" }, "None: every event has been taken, or is still on its way.");
  const services = [...new Set(dead.map((letter) => letter.service))];
  return [
    h("div", { class: "scroll" }, h("table", null,
      h("thead", null, h("tr", null, ["Event", "from → to", "refused as", "", ""].map((name) => h("th", null, name)))),
      h("tbody", null, dead.map((letter) => h("tr", null, h("td", null, letter.event_type), h("td", null, `${letter.service} → ${letter.subscriber}`),
        h("td", { class: "bad" }, letter.reason, ` × ${letter.attempts}`), h("td", { class: "quiet" }, letter.died_at.slice(0, 16).replace("T", " ")),
        h("td", { class: "number" }, h("button", { onclick: () => revive(letter.service, letter) }, "Revive"))))))),
    services.map((service) => h("p", null, h("button", { onclick: () => revive(service, null) }, `Revive all of ${service}`))),
  ];
}

const statusClass = (code, failed) => failed ? "bad" : /^[45]/.test(code) ? "warn" : "good";

function requestTable(requests) {
  if (!requests.length) return h("p", null, "No request has left a span yet. One of so many does (HMS_TRACE_RATE), and every one that fails or is slow.");
  const longest = Math.max(...requests.map((request) => request.duration_ns));
  return h("div", { class: "scroll" }, h("table", null,
    h("thead", null, h("tr", null, h("th", { class: "wide" }, "at"), h("th", null, "Request"), h("th", null, "status"), h("th", { class: "number" }, "took"), h("th", null, ""))),
    h("tbody", null, requests.map((request) => {
      const meter = h("i");
      meter.style.width = `${Math.max(3, 100 * request.duration_ns / longest)}%`;
      return h("tr", null, h("td", { class: "quiet wide" }, clock(request.started_at_us)), h("td", { class: "wrap" }, request.name),
        h("td", { class: `status ${statusClass(request.code, request.failed)}` }, request.code),
        h("td", { class: "number" }, duration(request.duration_ns), h("span", { class: `meter wide ${request.duration_ns > 2.5e8 ? "slow" : ""}` }, meter)),
        h("td", { class: "number" }, h("a", { href: `/ops/traces/${encodeURIComponent(request.correlation_id)}` }, "see")));
    }))));
}

async function showHospital() {
  const [overview, { requests }, letters] = await Promise.all([ask("/ops/overview"), ask("/ops/requests"), ask("/ops/dead-letters")]);
  const [now, services] = [performance.now(), byService(overview)];
  const seconds = earlier ? Math.max(.1, (now - earlier.at) / 1e3) : 1;
  dead = letters.dead_letters;
  $("view").replaceChildren(
    silence([...overview.silent, ...letters.silent]) ?? "",
    h("div", { class: "columns" },
      h("section", { class: "card" }, h("h2", null, "Services"), serviceMap(services, earlier?.services, seconds, overview.silent)),
      h("div", null,
        h("section", { class: "card" }, h("h2", null, "Events under way"), queueTable(services)),
        h("section", { class: "card" }, h("h2", null, "Since the start"), processTable(services)))),
    h("section", { class: "card" }, h("h2", null, "Dead letters"), deadLetters()),
    h("section", { class: "card" }, h("h2", null, "Requests that left spans"), requestTable(requests)));
  earlier = { at: now, services };
}

// One request ----------------------------------------------------------------------------------------------------------

/** Spans in the order of a tree, each with its depth; what has lost its parent stands at the top. */
function tree(spans) {
  const ids = new Set(spans.map((span) => span.span_id));
  const children = Map.groupBy ? Map.groupBy(spans, (span) => ids.has(span.parent_span_id) ? span.parent_span_id : "") : spans.reduce((map, span) => {
    const key = ids.has(span.parent_span_id) ? span.parent_span_id : "";
    return map.set(key, [...(map.get(key) ?? []), span]);
  }, new Map());
  const rows = [], seen = new Set();
  const visit = (span, depth) => {
    if (seen.has(span)) return;
    seen.add(span);
    rows.push({ span, depth });
    for (const child of children.get(span.span_id) ?? []) visit(child, depth + 1);
  };
  for (const span of children.get("") ?? []) visit(span, 0);
  for (const span of spans) visit(span, 0);
  return rows;
}

const colour = (span) => span.failed ? "fault" : span.name.startsWith("letter") ? "letter" : span.kind;

function spanRow({ span, depth }, start, whole) {
  const bar = h("i", { class: `bar-of ${colour(span)}` });
  const left = 100 * (span.started_at_us - start) / whole;
  bar.style.left = `${Math.min(99.5, left)}%`;
  bar.style.width = `${Math.min(100 - left, 100 * span.duration_ns / 1e3 / whole)}%`;
  const name = h("span", { class: "name" }, shortName(span.name), span.code !== "OK" ? h("b", { class: statusClass(span.code, span.failed) }, ` ${span.code}`) : null);
  const what = h("span", { class: "what" }, name, h("span", { class: "who" }, span.service));
  what.style.paddingLeft = `${Math.min(depth, 12) * 14}px`;
  const attributes = Object.entries(span.attributes).map(([key, value]) => `${key} ${value}`).join(", ");
  return h("div", { class: "span", title: `${span.name} in ${span.service}: ${span.kind}, ${span.code}, ${duration(span.duration_ns)}${attributes ? `, ${attributes}` : ""}` },
    what, h("span", { class: "track" }, bar), h("span", { class: "took" }, duration(span.duration_ns)));
}

async function showTrace(id) {
  const picture = await ask(`/ops/traces/${encodeURIComponent(id)}`);
  const start = Math.min(...picture.spans.map((span) => span.started_at_us));
  const end = Math.max(...picture.spans.map((span) => span.started_at_us + span.duration_ns / 1e3));
  const whole = Math.max(1, end - start);
  const first = picture.spans.find((span) => span.parent_span_id === "") ?? picture.spans[0];
  const services = new Set(picture.spans.map((span) => span.service));
  const failed = picture.spans.filter((span) => span.failed).length;
  const scale = h("span", { class: "track" }, [0, .25, .5, .75, 1].map((part) => {
    const mark = h("span", null, duration(whole * 1e3 * part));
    mark.style.left = `${100 * part}%`;
    return mark;
  }));
  $("view").replaceChildren(
    h("section", { class: "card" },
      h("h1", null, first.name),
      h("p", { class: "mono" }, picture.correlation_id),
      h("div", { class: "facts" },
        h("span", null, "answered ", h("b", { class: statusClass(first.code, first.failed) }, first.code), " after ", h("b", null, duration(first.duration_ns))),
        h("span", null, "all done after ", h("b", null, duration(whole * 1e3))),
        h("span", null, h("b", null, picture.spans.length), " spans in ", h("b", null, services.size), " services"),
        failed ? h("span", { class: "bad" }, h("b", null, failed), " failed") : null,
        h("span", { class: "quiet" }, `${new Date(start / 1e3).toLocaleString()}`)),
      silence(picture.silent)),
    h("section", { class: "card" },
      h("div", { class: "legend" }, [["server", "answers"], ["client", "asks"], ["internal", "database"], ["producer", "events"], ["letter", "letters"], ["fault", "faults"]].map(([kind, word]) =>
        h("span", null, h("i", { class: kind }), word))),
      h("div", { class: "span scale" }, h("span", { class: "what" }), scale, h("span", { class: "took" })),
      tree(picture.spans).map((row) => spanRow(row, start, whole))));
}

// Which of them --------------------------------------------------------------------------------------------------------

const wantedTrace = () => location.pathname.startsWith("/ops/traces/") ? decodeURIComponent(location.pathname.slice("/ops/traces/".length)) : null;

function askForToken(refusal) {
  $("access").hidden = false;
  $("view").hidden = true;
  $("refusal").textContent = refusal ?? "";
  $("token").focus();
}

async function look() {
  if (!token()) return askForToken();
  try {
    const trace = wantedTrace();
    await (trace ? showTrace(trace) : showHospital());
    $("access").hidden = true;
    $("view").hidden = false;
    $("state").textContent = trace ? "" : `live · ${clock(Date.now() * 1e3)}`;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      if (problem.status === 401) sessionStorage.removeItem("token");
      return askForToken(problem.status === 403 ? "That token is no administrator’s." : "That token isn’t valid, or not any more.");
    }
    $("state").textContent = "no answer";
    if (problem.code === "TRACE_NOT_FOUND" || $("view").hidden) {
      $("view").hidden = false;
      $("view").replaceChildren(h("section", { class: "card" }, h("h1", null, "Not found"), h("p", null, problem.detail ?? "The server does not answer.")));
    }
  }
}

$("signin").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", $("token").value.trim());
  $("token").value = "";
  look();
});
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = $("wanted").value.trim();
  if (id) location.href = `/ops/traces/${encodeURIComponent(id)}`;
});
// Goes on while somebody looks; a trace grows until its last letter is sent.
setInterval(() => { if (!document.hidden && token() && !$("view").hidden) look(); }, wantedTrace() ? 5000 : 2000);
look();
