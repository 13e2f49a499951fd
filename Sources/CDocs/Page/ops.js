"use strict";
const $ = (id) => document.getElementById(id);
const token = () => sessionStorage.getItem("token") ?? "";
/** Who is signed in; null where nobody is, and undefined while it is not known. */
let person;

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
  const headers = { Accept: "application/json" };
  if (token()) headers.Authorization = `Bearer ${token()}`;
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
const shortName = (name) => name.replace(isNarrow.matches ? /^hms\.\w+\.v1\.\w+\// : /^hms\.\w+\.v1\./, "");
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

const size = [170, 58];
const wideMap = { box: "0 0 670 470", places: { rest: [20, 205], payment: [250, 20], appointment: [250, 144], prescription: [250, 268], billing: [480, 20], patient: [480, 144], doctor: [480, 268], notification: [250, 392] } };
const narrowMap = {
  box: "0 0 380 440",
  places: { rest: [105, 8], appointment: [10, 110], patient: [200, 110], prescription: [10, 200], doctor: [200, 200], payment: [10, 290], billing: [200, 290], notification: [105, 376] },
};
const isNarrow = matchMedia("(max-width: 800px)");

/** The way from one box to another: between their sides where they stand beside each other, else from below to above. */
function way([fromX, fromY], [toX, toY]) {
  const [width, height] = size;
  if (Math.abs(fromX - toX) >= width) {
    const [x1, x2] = fromX < toX ? [fromX + width, toX] : [fromX, toX + width];
    const [y1, y2, middle] = [fromY + height / 2, toY + height / 2, (x1 + x2) / 2];
    return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  }
  const [x1, x2] = [fromX + width / 2, toX + width / 2];
  const [y1, y2] = fromY < toY ? [fromY + height, toY] : [fromY, toY + height];
  return `M${x1} ${y1} C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
}

function serviceMap(services, before, seconds, silent) {
  const { box, places } = isNarrow.matches ? narrowMap : wideMap;
  const lines = [], nodes = [];
  for (const [name, service] of services) {
    for (const [peer, totals] of service.peers) {
      const [from, to] = [places[name], places[peer]];
      if (!from || !to || !totals.calls) continue;
      const flow = growth(totals, before?.get(name)?.peers.get(peer), seconds);
      lines.push(h("svg:path", { d: way(from, to), class: flow.failing > 0 ? "failing" : flow.rate > 0 ? "busy" : "" },
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
  return h("div", null, h("svg:svg", { class: "map", viewBox: box, role: "img", "aria-label": "Who calls whom" }, lines, nodes));
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
    h("p", { class: "actions" }, services.map((service) => h("button", { onclick: () => revive(service, null) }, `Revive all of ${service}`))),
  ];
}

const statusClass = (code, failed) => failed ? "bad" : /^[45]/.test(code) ? "warn" : "good";

const shownRequests = 60;

function requestTable(requests) {
  if (!requests.length) return h("p", null, "No request has left a span yet. One of so many does (HMS_TRACE_RATE), and every one that fails or is slow.");
  const longest = Math.max(...requests.map((request) => request.duration_ns));
  return h("div", { class: "scroll" }, h("table", null,
    h("thead", null, h("tr", null, h("th", { class: "wide" }, "at"), h("th", null, "Request"), h("th", null, "status"), h("th", { class: "number" }, "took"))),
    h("tbody", null, requests.slice(0, shownRequests).map((request) => {
      const meter = h("i");
      meter.style.width = `${Math.max(3, 100 * request.duration_ns / longest)}%`;
      return h("tr", null, h("td", { class: "quiet wide" }, clock(request.started_at_us)), h("td", { class: "wrap" }, h("a", { href: `/ops/traces/${encodeURIComponent(request.correlation_id)}` }, request.name)),
        h("td", { class: `status ${statusClass(request.code, request.failed)}` }, request.code),
        h("td", { class: "number" }, duration(request.duration_ns), h("span", { class: `meter wide ${request.duration_ns > 2.5e8 ? "slow" : ""}` }, meter)));
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

/** Times as places from 0 to 1: pauses in which nobody works are shortened, lest a letter of a second later hide the rest. */
function axis(spans) {
  const busy = [];
  for (const span of [...spans].sort((one, other) => one.started_at_us - other.started_at_us)) {
    const [from, to] = [span.started_at_us, span.started_at_us + span.duration_ns / 1e3];
    const last = busy.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else busy.push({ from, to });
  }
  const work = busy.reduce((sum, { from, to }) => sum + to - from, 0) || 1;
  const pieces = [];
  let length = 0, end = busy[0].from;
  for (const { from, to } of busy) {
    const pause = from - end;
    const shown = Math.min(pause, work * .06);
    pieces.push({ from: end, to: from, at: length, length: shown, cut: pause > shown * 1.5 ? pause : 0 });
    length += shown;
    pieces.push({ from, to, at: length, length: to - from, cut: 0 });
    length += to - from;
    end = to;
  }
  const place = (time) => {
    const piece = pieces.find(({ from, to }) => time >= from && time <= to) ?? pieces.at(-1);
    const part = piece.to > piece.from ? (time - piece.from) / (piece.to - piece.from) : 0;
    return (piece.at + Math.min(1, part) * piece.length) / (length || 1);
  };
  return { place, cuts: pieces.filter(({ cut }) => cut).map((piece) => ({ left: piece.at / length, width: piece.length / length, pause: piece.cut })) };
}

const colour = (span) => span.failed ? "fault" : span.name.startsWith("letter") ? "letter" : span.kind;

function cutMarks(time) {
  return time.cuts.map(({ left, width }) => {
    const mark = h("i", { class: "cut" });
    mark.style.left = `${100 * left}%`;
    mark.style.width = `${100 * width}%`;
    return mark;
  });
}

function spanRow({ span, depth }, time) {
  const bar = h("i", { class: `bar-of ${colour(span)}` });
  const left = 100 * time.place(span.started_at_us);
  bar.style.left = `${Math.min(99.5, left)}%`;
  bar.style.width = `${100 * time.place(span.started_at_us + span.duration_ns / 1e3) - left}%`;
  const name = h("span", { class: "name" }, shortName(span.name), span.code !== "OK" ? h("b", { class: statusClass(span.code, span.failed) }, ` ${span.code}`) : null);
  const what = h("span", { class: "what" }, name, h("span", { class: "who" }, span.service));
  what.style.paddingLeft = `${Math.min(depth, 12) * (isNarrow.matches ? 7 : 14)}px`;
  const attributes = Object.entries(span.attributes).map(([key, value]) => `${key} ${value}`).join(", ");
  return h("div", { class: "span", title: `${span.name} in ${span.service}: ${span.kind}, ${span.code}, ${duration(span.duration_ns)}${attributes ? `, ${attributes}` : ""}` },
    what, h("span", { class: "track" }, cutMarks(time), bar), h("span", { class: "took" }, duration(span.duration_ns)));
}

async function showTrace(id) {
  const picture = await ask(`/ops/traces/${encodeURIComponent(id)}`);
  const start = Math.min(...picture.spans.map((span) => span.started_at_us));
  const end = Math.max(...picture.spans.map((span) => span.started_at_us + span.duration_ns / 1e3));
  const whole = Math.max(1, end - start);
  const first = picture.spans.find((span) => span.parent_span_id === "") ?? picture.spans[0];
  const services = new Set(picture.spans.map((span) => span.service));
  const failed = picture.spans.filter((span) => span.failed).length;
  const time = axis(picture.spans);
  const scale = h("span", { class: "track" }, cutMarks(time), time.cuts.filter((cut, place, all) => place === 0 || cut.left - all[place - 1].left > .12).map(({ left, width, pause }) => {
    const mark = h("span", null, `${duration(pause * 1e3)} pause`);
    mark.style.left = `${100 * (left + width / 2)}%`;
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
        h("span", null, h("i", { class: kind }), word)),
        time.cuts.length ? h("span", null, h("i", { class: "cut" }), "a pause, shortened") : null),
      h("div", { class: "span scale" }, h("span", { class: "what" }), scale, h("span", { class: "took" })),
      tree(picture.spans).map((row) => spanRow(row, time))));
}

// Which of them --------------------------------------------------------------------------------------------------------

const wantedTrace = () => location.pathname.startsWith("/ops/traces/") ? decodeURIComponent(location.pathname.slice("/ops/traces/".length)) : null;

function askForToken(refusal) {
  $("access").hidden = false;
  $("view").hidden = true;
  $("refusal").textContent = refusal ?? "";
  $("token").focus();
}

/** Whoever is signed in is named, and can sign out. */
async function findPerson() {
  const answer = await fetch("/session", { cache: "no-store" });
  person = answer.ok ? await answer.json() : null;
  $("person").replaceChildren();
  if (person && !token()) $("person").append(h("a", { href: "/account" }, person.name), " ", h("button", { class: "quiet-button", onclick: signOut }, "Sign out"));
}

async function signOut() {
  await fetch("/session", { method: "DELETE" });
  location.href = "/sign-in?return_to=/ops";
}

async function look() {
  if (!token() && person === undefined) await findPerson();
  if (!token() && !person) return askForToken();
  try {
    const trace = wantedTrace();
    await (trace ? showTrace(trace) : showHospital());
    $("access").hidden = true;
    $("view").hidden = false;
    $("state").textContent = trace ? "" : `live · ${clock(Date.now() * 1e3)}`;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      const what = token() ? "token" : "session";
      if (problem.status === 401) sessionStorage.removeItem("token");
      person = undefined;
      return askForToken(problem.status === 403 ? `That ${what} is no administrator’s.` : `That ${what} isn’t valid, or not any more.`);
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
setInterval(() => { if (!document.hidden && (token() || person) && !$("view").hidden) look(); }, wantedTrace() ? 5000 : 2000);
look();
