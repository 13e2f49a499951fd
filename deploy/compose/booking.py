"""Books visits one after the other while things happen to a hospital, and counts what came of them.

  booking.py URL TOKEN ADMIN FILE [DAY]   visits from this day on, until FILE is there; then looks up everything that was acknowledged

Each booking is sent again with its key while nobody answers it for sure. Prints one line; the status is 1 where an acknowledged booking
is missing or a request failed for good.
"""
import datetime, http.client, json, os, sys, time, urllib.parse, uuid

url, desk, admin, stop = sys.argv[1:5]
first_day = datetime.date.fromisoformat(sys.argv[5] if len(sys.argv) > 5 else "2026-03-03")
place = urllib.parse.urlsplit(url)
repeats, slow = 0, []


def once(method, path, token, body, key):
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key, "X-Correlation-ID": key}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def ask(method, path, token, body=None):
    """The answer, however often it has to be asked for within a minute."""
    global repeats
    key, began = str(uuid.uuid4()), time.monotonic()
    while True:
        try:
            status, answer = once(method, path, token, body, key)
            again = status in (429, 502, 503, 504) or answer.get("code") == "IDEMPOTENCY_IN_PROGRESS"
        except (OSError, http.client.HTTPException, ValueError) as error:
            status, answer, again = 0, {"detail": str(error)}, True
        if not again or time.monotonic() > began + 60:
            if time.monotonic() > began + 2:
                slow.append(f"{method} {path} took {time.monotonic() - began:.2f} s until {time.strftime('%H:%M:%S')}: {key} in the logs")
            return status, answer
        repeats += 1
        time.sleep(0.05)


def new(path, token, body):
    status, answer = ask("POST", path, token, body)
    if status != 201:
        sys.exit(f"{path}: {status} {answer}")
    return answer


booked, failed, refused, longest = [], [], {}, 0.0
days = [first_day + datetime.timedelta(days=number) for number in range(80)]


def pairs():
    """One patient and one doctor after the other, whose days are filled with visits an hour apart."""
    while True:
        name = uuid.uuid4().hex[:8]
        patient = new("/v1/patients", desk, {"name": f"Load {name}", "dob": "1970-01-01"})["patient_id"]
        doctor = new("/v1/doctors", admin, {"name": f"Dr. {name}", "department": "Cardiology", "specialization": "Electrophysiology",
                                            "email": f"{name}@hms.example"})["doctor_id"]
        for day in days:
            for hour in range(9, 17):
                yield {"patient_id": patient, "doctor_id": doctor, "department": "Cardiology", "slot_start": f"{day}T{hour:02}:00:00+05:30"}


for booking in pairs():
    if os.path.exists(stop):
        break
    start = time.monotonic()
    status, answer = ask("POST", "/v1/appointments", desk, booking)
    longest = max(longest, time.monotonic() - start)
    if status == 201:
        booked.append(answer["appointment_id"])
    elif 400 <= status < 500:
        refused[answer.get("code")] = refused.get(answer.get("code"), 0) + 1
    else:
        failed.append((status, answer))
    time.sleep(0.02)
missing = [id for id in booked if ask("GET", f"/v1/appointments/{id}", desk)[0] != 200]
print(f"booked {len(booked)}, refused by rule {refused}, sent again {repeats}, longest {longest:.2f} s, failed requests {len(failed)}, lost {len(missing)}")
for what in failed[:3] + missing[:3] + slow[:3]:
    print("  ", what)
sys.exit(1 if failed or refused or missing or not booked else 0)
