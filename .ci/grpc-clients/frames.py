"""Speaks HTTP/2 to a hospital by python-hyper's h2, which holds the server to the protocol: what it may not send ends the test.

    frames.py HOST:PORT RECEPTION-TOKEN

Many calls at once over one connection, answers that wait for their windows byte by byte, a body larger than a window, settings that
change under way, resets, PINGs and trailers.
"""

import random
import socket
import struct
import sys

import h2.config
import h2.connection
import h2.events
import h2.settings

host, port = sys.argv[1].rsplit(":", 1)
token = sys.argv[2]
METHOD = "/hms.patient.v1.PatientService/ListPatients"


class Answer:
    def __init__(self):
        self.fields, self.body, self.ended, self.reset = {}, b"", False, None


class Client:
    """One connection, on which every event of the server is checked by h2 itself."""

    def __init__(self, grants=True):
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.answers, self.pings, self.grants = {}, 0, grants
        self.flush()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def begin(self, path=METHOD, fields=(), end=False, kind="application/grpc"):
        stream = self.h2.get_next_available_stream_id()
        self.answers[stream] = Answer()
        head = [(":method", "POST"), (":scheme", "http"), (":authority", host), (":path", path), ("te", "trailers"),
                ("content-type", kind), ("authorization", f"Bearer {token}"), *fields]
        self.h2.send_headers(stream, head, end_stream=end)
        return stream

    def call(self, message=b"", path=METHOD, fields=()):
        stream = self.begin(path, fields)
        self.send(stream, struct.pack(">BI", 0, len(message)) + message)
        return stream

    def send(self, stream, data):
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room == 0:
                self.flush()
                self.read()
                continue
            self.h2.send_data(stream, data[:room], end_stream=len(data) <= room)
            data = data[room:]
        self.flush()

    def read(self):
        data = self.socket.recv(1 << 16)
        assert data, "the server has closed"
        for event in self.h2.receive_data(data):
            answer = self.answers.get(getattr(event, "stream_id", None))
            if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                answer.fields.update(event.headers)
            elif isinstance(event, h2.events.DataReceived):
                answer.body += event.data
                if self.grants:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                answer.ended = True
            elif isinstance(event, h2.events.StreamReset):
                answer.reset = event.error_code
            elif isinstance(event, h2.events.PingAckReceived):
                self.pings += 1
            elif isinstance(event, h2.events.ConnectionTerminated):
                raise AssertionError(f"GOAWAY {event.error_code}")
        self.flush()

    def wait(self, stream):
        while not self.answers[stream].ended and self.answers[stream].reset is None:
            self.read()
        return self.answers[stream]


def well(answer):
    assert answer.fields.get(":status") == "200" and answer.fields.get("grpc-status") == "0", answer.fields
    assert struct.unpack(">BI", answer.body[:5]) == (0, len(answer.body) - 5)


# One after another, many at once, and those in another order than they were begun.
client = Client()
for _ in range(3):
    well(client.wait(client.call()))
streams = [client.call(fields=[("x-correlation-id", f"frames-{number}")]) for number in range(100)]
random.Random(1).shuffle(streams)
for stream in streams:
    well(client.wait(stream))

# Settings that change under way: a table of headers that shrinks to nothing, a window of one byte.
client.h2.update_settings({h2.settings.SettingCodes.HEADER_TABLE_SIZE: 0})
client.flush()
well(client.wait(client.call()))
client.h2.update_settings({h2.settings.SettingCodes.HEADER_TABLE_SIZE: 4096, h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 1})
client.flush()
well(client.wait(client.call()))
client.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 1 << 20})
client.flush()
for _ in range(3):
    well(client.wait(client.call()))

# A message that is larger than the stream's window is taken in pieces, as they are granted, and found to be none.
answer = client.wait(client.call(bytes(300_000)))
assert answer.fields["grpc-status"] == "3", answer.fields

# Calls that are taken back, and PINGs between; the next call is answered as if nothing had been.
for number in range(50):
    stream = client.begin()
    client.h2.reset_stream(stream, 8)
    if number % 10 == 0:
        client.h2.ping(struct.pack(">Q", number))
client.flush()
well(client.wait(client.call()))
while client.pings < 5:
    client.read()

# Padding, and a body that ends in an empty frame.
stream = client.begin()
client.h2.send_data(stream, struct.pack(">BI", 0, 0), pad_length=100)
client.h2.send_data(stream, b"", end_stream=True)
client.flush()
well(client.wait(stream))

# What is no call, and what nobody serves.
assert client.wait(client.call(path="/hms.patient.v1.PatientService/Nothing")).fields["grpc-status"] == "12"
client.h2.close_connection()
client.flush()
print(f"{sys.argv[1]}: h2 found nothing wrong")
