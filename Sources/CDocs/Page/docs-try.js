// Trying an operation -----------------------------------------------------------------------------------------------

function tryIt(op) {
  const inputs = op.parameters.map((parameter) => ({ parameter, input: parameterInput(parameter) }));
  const isFolded = ({ parameter }) => parameter.in === "header" && !parameter.required;
  const plain = inputs.filter((one) => !isFolded(one)).map(labelled);
  const header = inputs.filter(isFolded).map(labelled);
  const body = op.body ? h("textarea", { spellcheck: "false", rows: 10, "aria-label": "Body" }) : null;
  const code = codeTabs(op, (whole) => curlOf(request(), whole));
  const result = h("div", { role: "status" });
  const send = h("button", { class: "send", type: "submit" }, "Send");
  const request = () => requestOf(op, inputs, body);
  const draw = () => code.draw();
  const key = inputs.find(({ parameter }) => parameter.name === "Idempotency-Key")?.input;
  const form = h("form", null, plain, header.length ? h("details", null, h("summary", null, "Header fields"), h("div", null, header)) : null,
    body ? h("label", null, h("span", null, h("b", null, "Body")), body) : null,
    h("div", { class: "go" }, send, h("small", null, "Ctrl + Enter")));
  const fill = () => {
    for (const { parameter, input } of inputs) if (parameter.in !== "header") input.value = parameterSample(parameter);
    if (body) body.value = JSON.stringify(bodySample(op.body), null, 2);
    draw();
  };
  let isTouched = false;
  refills.push(() => { if (!isTouched) fill(); });
  form.addEventListener("input", (event) => { isTouched = true; renew(key, event.target); draw(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    isTouched = true;
    if (key?.value) key.dataset.used = key.value;
    await run(request(), send, result);
  });
  $("token").addEventListener("input", draw);
  fill();
  return h("div", { class: "try" }, h("h3", null, "Try it"), form, code.element, result);
}

/** The language in which calls are shown, on every card and the next time. */
const language = { chosen: localStorage.getItem("language") ?? "curl", redraws: [] };

function choose(name) {
  language.chosen = name;
  localStorage.setItem("language", name);
  for (const redraw of language.redraws) redraw();
}

/** The request in the form as curl, and the operation's example for each language that there is a client for. */
function codeTabs(op, curl) {
  const samples = new Map(op.samples.filter(({ label }) => label !== "curl").map(({ label, source }) => [label, source]));
  const names = ["curl", ...samples.keys()];
  const panel = h("pre", { tabindex: 0, role: "tabpanel", id: `${op.id}-code` });
  const tabs = names.map((name) => h("button", { class: "tab", type: "button", role: "tab", "aria-controls": `${op.id}-code`, onclick: () => choose(name) }, name));
  const shown = () => (samples.has(language.chosen) ? language.chosen : "curl");
  const text = (whole) => samples.get(shown()) ?? curl(whole);
  const draw = () => {
    panel.replaceChildren(text(false));
    panel.setAttribute("aria-label", `The call in ${shown()}`);
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", names[index] === shown());
      tab.tabIndex = names[index] === shown() ? 0 : -1;
    });
  };
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Language", onkeydown: (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (names.indexOf(shown()) + step + names.length) % names.length;
    choose(names[next]);
    tabs[next].focus();
  } }, tabs);
  language.redraws.push(draw);
  return { draw, element: h("div", null, h("div", { class: "titled" }, list, copyButton(() => text(true))), panel) };
}

/** A key names one request: one that was sent and is changed afterwards gets another. */
function renew(key, changed) {
  if (key && changed !== key && key.value && key.value === key.dataset.used) key.value = freshKey();
}

function parameterInput(parameter) {
  const [schema] = nonNull(parameter.schema ?? {});
  if (schema.enum) {
    const options = schema.enum.map((value) => h("option", null, value));
    return h("select", null, parameter.required ? null : h("option", { value: "" }, "—"), options);
  }
  const input = h("input", {
    inputmode: schema.type === "integer" ? "numeric" : null, spellcheck: "false", autocomplete: "off",
    placeholder: parameter.example === undefined ? null : String(parameter.example),
  });
  if (parameter.in === "header") input.value = parameterSample(parameter);
  return input;
}

function labelled({ parameter, input }) {
  return h("label", null, h("span", null, h("b", null, parameter.name), parameter.required ? h("em", { title: "required" }, " *") : null), input);
}

function requestOf(op, inputs, body) {
  let path = op.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of inputs) {
    const value = input.value.trim();
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, value ? encodeURIComponent(value) : `{${parameter.name}}`);
    else if (value && parameter.in === "query") query.append(parameter.name, value);
    else if (value && parameter.in === "header") headers[parameter.name] = parameter.name === "X-Access-Reason" ? fieldText(value) : value;
  }
  if ($("token").value.trim() && op.roles.length) headers.Authorization = `Bearer ${$("token").value.trim()}`;
  if (body) headers["Content-Type"] = "application/json";
  return { method: op.method.toUpperCase(), url: path + (query.size ? `?${query}` : ""), headers, body: body?.value };
}

/** A browser sends no more than Latin-1 in a header: other letters go as RFC 8187 has them. */
function fieldText(value) {
  return /^[ -~]*$/.test(value) ? value : `UTF-8''${encodeURIComponent(value)}`;
}

/** The command that does the same; on screen the token is cut short. */
function curlOf(request, whole) {
  const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
  const parts = [`curl ${request.method === "GET" ? "" : `-X ${request.method} `}${quoted(location.origin + request.url)}`];
  for (const [name, value] of Object.entries(request.headers)) {
    const shown = name === "Authorization" && !whole ? `${value.slice(0, 15)}…` : value;
    parts.push(`-H ${quoted(`${name}: ${shown}`)}`);
  }
  if (request.body) parts.push(`-d ${quoted(compact(request.body))}`);
  return parts.join(" \\\n  ");
}

function compact(text) {
  try { return JSON.stringify(JSON.parse(text)); } catch { return text; }
}

async function run(request, send, result) {
  send.disabled = true;
  const began = performance.now();
  try {
    const response = await fetch(request.url, { ...request, cache: "no-store", credentials: request.headers.Authorization ? "omit" : "same-origin" });
    const text = await response.text();
    if (response.ok && response.headers.get("content-type") === "application/json") learnFrom(text);
    show(response, text, performance.now() - began, result);
  } catch (error) {
    result.replaceChildren(h("div", { class: "titled" }, h("h3", null, "Answer")), h("pre", null, `No answer: ${error.message}`));
  }
  send.disabled = false;
}

function show(response, text, milliseconds, result) {
  const told = ["etag", "location", "retry-after", "idempotent-replayed", "x-correlation-id"]
    .filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
  result.replaceChildren(
    h("div", { class: "titled" }, h("h3", null, "Answer"), text ? copyButton(() => text) : null),
    h("div", { class: "result" }, h("span", { class: statusClass(response.status) }, `${response.status} ${response.statusText}`),
      h("span", null, `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`), h("span", null, `${new Blob([text]).size} bytes`)),
    told.length ? h("pre", null, told.join("\n")) : "",
    text ? h("pre", { tabindex: 0, "aria-label": "Body of the answer" }, coloured(text)) : "");
}

/** JSON, indented, with its words told apart. */
function coloured(text) {
  let pretty = text;
  try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { return [text]; }
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
  const parts = [];
  let end = 0;
  for (const match of pretty.matchAll(token)) {
    parts.push(pretty.slice(end, match.index));
    const kind = match[1] ? (match[2] ? "k" : "t") : match[3] ? "w" : "n";
    parts.push(h("span", { class: kind }, match[1] ?? match[3] ?? match[4]), match[2] ?? "");
    end = match.index + match[0].length;
  }
  return [...parts, pretty.slice(end)];
}

function copyButton(text) {
  const button = h("button", { class: "ghost", type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1200);
  });
  return button;
}

// The bar -----------------------------------------------------------------------------------------------------------

function theme(name) {
  document.documentElement.dataset.theme = name;
}

function claims() {
  const token = $("token").value.trim();
  sessionStorage.setItem("token", token);
  if (!token) return $("claims").replaceChildren(...whoIsSignedIn());
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const { sub, role, exp } = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (char) => char.charCodeAt(0))));
    const minutes = Math.round((exp * 1000 - Date.now()) / 60000);
    const time = minutes <= 0 ? "expired" : minutes < 120 ? `valid for ${minutes} more minutes` : `valid for ${Math.round(minutes / 60)} more hours`;
    $("claims").replaceChildren(h("span", { class: "chip role" }, role ?? "no role"), " ", h("code", null, sub ?? "no subject"), ` ${time}`);
  } catch {
    $("claims").replaceChildren("That isn't a JSON Web Token.");
  }
}

/** Who is signed in; null where nobody is. */
let person = null;

function whoIsSignedIn() {
  if (!person) return [h("a", { href: "/sign-in?return_to=/docs" }, "Sign in"), " instead, if you have a password here."];
  const out = h("button", { class: "link" }, "Sign out");
  out.addEventListener("click", async () => {
    await fetch("/session", { method: "DELETE" });
    location.reload();
  });
  return [h("span", { class: "chip role" }, person.role), " ", h("code", null, person.name), " is signed in; calls without a token are his. ",
    h("a", { href: "/account" }, "Account"), " ", out];
}

async function findPerson() {
  const answer = await fetch("/session", { cache: "no-store" });
  person = answer.ok ? await answer.json() : null;
  claims();
}

async function health() {
  try {
    const response = await fetch("/readyz", { cache: "no-store" });
    $("health").className = `health ${response.ok ? "good" : "bad"}`;
    const { services = {} } = await response.json();
    const missing = Object.entries(services).filter(([, state]) => state !== "SERVING").map(([name]) => name);
    $("health").textContent = response.ok ? "ready" : `not ready: ${missing.join(", ")}`;
  } catch {
    $("health").className = "health bad";
    $("health").textContent = "unreachable";
  }
}

function start() {
  theme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  $("theme").addEventListener("click", () => {
    theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    localStorage.setItem("theme", document.documentElement.dataset.theme);
  });
  $("menu").addEventListener("click", () => $("menu").setAttribute("aria-expanded", $("nav").classList.toggle("open")));
  $("reveal").addEventListener("click", () => {
    const hidden = $("token").type === "password";
    $("token").type = hidden ? "text" : "password";
    $("reveal").setAttribute("aria-pressed", hidden);
    $("reveal").textContent = hidden ? "Hide" : "Show";
  });
  $("token").value = sessionStorage.getItem("token") ?? "";
  $("token").addEventListener("input", claims);
  claims();
  findPerson();
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "/" && !typing) { event.preventDefault(); $("search").focus(); }
    if (event.key === "Escape" && event.target === $("search")) { $("search").value = ""; $("search").dispatchEvent(new Event("input")); }
  });
  health();
  setInterval(() => { if (!document.hidden) health(); }, 15000);
  fetch("/openapi.json").then((response) => response.json()).then((found) => { spec = found; draw(); })
    .catch((error) => { $("about").textContent = `The description of the API can't be read: ${error.message}`; });
}

start();
