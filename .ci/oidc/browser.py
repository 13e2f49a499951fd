"""Signs in to a hospital by an OpenID provider, as a browser does, and tries what an attacker would.

    browser.py HOSPITAL_URL
"""

import re
import sys
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import requests

hospital = sys.argv[1]
TIMEOUT = 20


def ask(browser, url, **options):
    return browser.get(url, allow_redirects=False, timeout=TIMEOUT, **options)


def begin(browser, return_to="/ops"):
    """Goes from the hospital to the provider; answers where that is."""
    answer = ask(browser, f"{hospital}/session/provider?{urlencode({'return_to': return_to})}")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def sign_in(browser, url, name):
    """Signs in at the provider; answers where it sends the browser back to."""
    answer = ask(browser, url)
    if "/login" in answer.headers.get("Location", ""):
        form = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}{answer.headers['Location']}"
        page = browser.get(form, timeout=TIMEOUT)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        fields = {"csrfmiddlewaretoken": token, "username": name, "password": "correct horse battery", "next": url[url.index("/o/"):]}
        answer = browser.post(form, data=fields, headers={"Referer": form}, allow_redirects=False, timeout=TIMEOUT)
        assert answer.status_code == 302, answer.text
        answer = ask(browser, url)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{hospital}/session/callback?"), (answer.status_code, answer.headers)
    return answer.headers["Location"]


def changed(url, **fields):
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | fields
    return urlunsplit(parts._replace(query=urlencode(query)))


def session(browser):
    return browser.get(f"{hospital}/session", timeout=TIMEOUT)


def refused(answer, status):
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert "hms-session=" not in answer.headers.get("Set-Cookie", "").replace("hms-session=;", "")


def check(sentence):
    print(f"  {sentence}")


# Who has a role is in, by the word of the provider.
asha = requests.Session()
back = ask(asha, sign_in(asha, begin(asha), "asha"))
assert back.status_code == 303 and back.headers["Location"] == "/ops", back.text
assert "HttpOnly" in back.headers["Set-Cookie"] and "SameSite=Strict" in back.headers["Set-Cookie"]
assert session(asha).json() == {"subject": session(asha).json()["subject"], "role": "reception", "name": "asha"}, session(asha).text
assert asha.get(f"{hospital}/v1/patients", timeout=TIMEOUT).status_code == 200
assert asha.get(f"{hospital}/ops/overview", timeout=TIMEOUT).status_code == 403
check("the front desk is signed in by the provider, and may what the front desk may")

meera = requests.Session()
ask(meera, sign_in(meera, begin(meera), "meera"))
assert session(meera).json() == {"subject": "doc_01hv0000000000000000000000", "role": "doctor", "name": "meera"}, session(meera).text
check("a doctor is who her claim says")

guest = requests.Session()
refused(ask(guest, sign_in(guest, begin(guest), "guest")), 403)
assert session(guest).status_code == 401
check("who has no role is known, and not let in")

# What others bring is not believed.
mallory = requests.Session()
url = sign_in(mallory, begin(mallory), "guest")
refused(ask(mallory, changed(url, state="x")), 401)
refused(ask(mallory, url), 401)
check("another state ends the sign-in, and so does what comes after it")

victim = requests.Session()
stolen = sign_in(victim, begin(victim), "asha")
refused(ask(mallory, stolen), 401)
refused(ask(mallory, changed(sign_in(mallory, begin(mallory), "guest"), code=parse_qs(urlsplit(stolen).query)["code"][0])), 401)
check("a code that was stolen is of no use in another browser")

ask(victim, sign_in(victim, begin(victim), "asha"))
again = sign_in(victim, begin(victim), "asha")
assert ask(victim, again).status_code == 303
refused(ask(victim, again), 401)
check("an answer is taken once")

refused(ask(mallory, changed(sign_in(mallory, begin(mallory), "guest"), iss="https://evil.example")), 401)
check("another issuer's answer is not taken")

for address in ["https://evil.example", "//evil.example", "/\\evil.example"]:
    traveller = requests.Session()
    back = ask(traveller, sign_in(traveller, begin(traveller, address), "asha"))
    assert back.status_code == 303 and back.headers["Location"] == "/docs", back.headers
check("nobody is led to another site")

# A page of another site makes the browser do nothing.
fields = {"name": "Asha", "dob": "1990-04-12"}
for header, status in [({"Sec-Fetch-Site": "cross-site"}, 403), ({"Origin": "https://evil.example"}, 403), ({}, 403), ({"Origin": hospital}, 201)]:
    answer = asha.post(f"{hospital}/v1/patients", json=fields, headers=header, timeout=TIMEOUT)
    assert answer.status_code == status, (header, answer.status_code, answer.text)
check("a change is made for a page of the hospital's own alone")

assert asha.delete(f"{hospital}/session", headers={"Origin": hospital}, timeout=TIMEOUT).status_code == 204
assert session(asha).status_code == 401
check("who signs out is out")
