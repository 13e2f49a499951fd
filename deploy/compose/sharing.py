"""Asks two shims, one after the other, whether they know the same: who has signed in, who has signed out, who has chosen another password,
which codes were used, and how often somebody asks.

  sharing.py people URL URL NAME PASSWORD       prints the password that he has then
  sharing.py session URL URL NAME PASSWORD FILE signs him in at one, and leaves his session in the file
  sharing.py codes URL URL NAME PASSWORD        reads from its input what `hms user totp` has printed, and uses up those codes
  sharing.py rates URL URL TOKEN FILE RATE      the session in the file goes on; a caller is let through RATE times a second, not twice as often

The status is 1 where they don't.
"""
import base64, concurrent.futures, hmac, http.client, json, re, struct, sys, threading, time, urllib.parse


def ask(url, method, path, body=None, cookie=None, token=None):
    """(status, answer, the session's cookie)."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    try:
        headers = {"Sec-Fetch-Site": "same-origin"}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        headers |= {"Cookie": cookie} if cookie else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), (answer.headers.get("Set-Cookie") or "").partition(";")[0]
    finally:
        connection.close()


def expect(what, wanted, got):
    print(f"   {what}: {got}")
    if wanted != got:
        sys.exit(f"{what}: {wanted} was expected")


def within(seconds, wanted, look):
    end = time.monotonic() + seconds
    while (got := look()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return got


def sign_in(url, name, password, code=None):
    status, _, cookie = ask(url, "POST", "/session", {"name": name, "password": password} | ({"code": code} if code else {}))
    return status, cookie


def people(one, other, name, password):
    chosen = password[::-1] + " chosen"
    status, session = sign_in(one, name, password)
    expect("signed in at one", 201, status)
    expect("the session at the other", 200, ask(other, "GET", "/session", cookie=session)[0])
    status, _, second = ask(other, "POST", "/session/password", {"name": name, "password": password, "new_password": chosen})
    expect("another password is chosen at the other", 201, status)
    # It looks at the users once a second.
    expect("which ends the first session at one", 401, within(10, 401, lambda: ask(one, "GET", "/session", cookie=session)[0]))
    expect("the old password at one", 401, sign_in(one, name, password)[0])
    expect("the new one at one", 201, sign_in(one, name, chosen)[0])
    expect("signed out at one", 204, ask(one, "DELETE", "/session", cookie=second)[0])
    expect("and so at the other", 401, ask(other, "GET", "/session", cookie=second)[0])
    return chosen


def app_code(secret, step):
    """RFC 6238, with six digits."""
    mac = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), "sha1")
    number = struct.unpack(">I", mac[mac[-1] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def codes(one, other, name, password, printed):
    """A code is taken once by both together, and wrong ones are counted by both together."""
    secret = re.search(r"secret=([A-Z2-7]+)", printed)[1]
    paper = re.findall(r"^ *((?:[a-z1-9]{4}-){3}[a-z1-9]{4})$", printed, re.MULTILINE)
    for url in (one, other):
        # It looks at the users once a second. Until then there is no code to ask for.
        expect("a password alone", 401, within(10, 401, lambda: sign_in(url, name, password)[0]))
    step = int(time.time()) // 30

    def at_once(code):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            return sorted(pool.map(lambda url: sign_in(url, name, password, code)[0], (one, other)))

    expect("one code at both at the same time", [201, 401], at_once(app_code(secret, step)))
    expect("it again at one", 401, sign_in(one, name, password, app_code(secret, step))[0])
    expect("and at the other", 401, sign_in(other, name, password, app_code(secret, step))[0])
    expect("the next one at the other", 201, sign_in(other, name, password, app_code(secret, step + 1))[0])
    expect("and then at one", 401, sign_in(one, name, password, app_code(secret, step + 1))[0])
    expect("one on paper at both at the same time", [201, 401], at_once(paper[0]))
    # One of the two may have counted as a failure before the other was none.
    expect("one on paper at one", 201, sign_in(one, name, password, paper[1])[0])
    for url, wrong in zip((one, other, one, other, one), range(5)):
        expect("a wrong one", 401, sign_in(url, name, password, f"00000-{wrong}")[0])
    expect("a right one, too late", 429, sign_in(other, name, password, paper[2])[0])


def rates(one, other, token, rate):
    """Asks both as often as they answer, for some seconds, and counts whom they let through."""
    passed, seconds = [], 3.0
    begin = time.monotonic()

    def client(url):
        while time.monotonic() < begin + seconds:
            if ask(url, "GET", "/v1/doctors?page_size=1", token=token)[0] == 200:
                passed.append(url)

    clients = [threading.Thread(target=client, args=[url]) for url in (one, other) for _ in range(2)]
    for thread in clients: thread.start()
    for thread in clients: thread.join()
    took = time.monotonic() - begin
    # Twice as many at once, and then so many a second.
    due = 2 * rate + rate * took
    print(f"   {len(passed)} requests were let through in {took:.1f} s, {passed.count(one)} of them at one; {due:.0f} are due, {2 * due:.0f} if each counted for itself")
    if not 0.5 * due < len(passed) < 1.5 * due:
        sys.exit("the limit is not shared")


what, one, other, *more = sys.argv[1:]
if what == "people":
    people(one, other, *more)
elif what == "codes":
    codes(one, other, *more, sys.stdin.read())
elif what == "session":
    status, session = sign_in(one, *more[:2])
    expect("signed in at one", 201, status)
    with open(more[2], "w") as file:
        file.write(session)
else:
    with open(more[1]) as file:
        session = file.read()
    for url in (one, other):
        expect("the session at a shim that has come since", 200, ask(url, "GET", "/session", cookie=session)[0])
    rates(one, other, more[0], int(more[2]))
