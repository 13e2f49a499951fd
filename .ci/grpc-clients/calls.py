"""Calls a hospital by grpcio, with what it tells of itself by reflection: no generated code.

    calls.py HOST:PORT RECEPTION-TOKEN ADMIN-TOKEN [AUTHORITIES [OWN-CERTIFICATE SERVER-NAME]]

With authorities in a PEM file it calls over TLS; with a certificate and its key in one, it shows who it is.
"""

import sys
import threading
import uuid

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

address, desk, admin, *tls = sys.argv[1:]
PATIENTS = "hms.patient.v1.PatientService"


class WithToken(grpc.StreamStreamClientInterceptor):
    """Reflection asks who asks."""

    def intercept_stream_stream(self, continuation, details, requests):
        details = details._replace(metadata=[("authorization", f"Bearer {desk}")])
        return continuation(details, requests)




def connect():
    """A channel, in clear text or over TLS."""
    if not tls:
        return grpc.insecure_channel(address)
    authorities = open(tls[0], "rb").read()
    own = open(tls[1], "rb").read() if len(tls) > 1 else None
    options = [("grpc.ssl_target_name_override", tls[2])] if len(tls) > 2 else []
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(authorities, own, own), options)


channel = connect()
database = ProtoReflectionDescriptorDatabase(grpc.intercept_channel(channel, WithToken()))
pool = descriptor_pool.DescriptorPool(database)


def method(name, service=PATIENTS):
    """A callable for a method, unary or streamed, and the class of its request."""
    descriptor = pool.FindServiceByName(service).FindMethodByName(name)
    request = message_factory.GetMessageClass(descriptor.input_type)
    response = message_factory.GetMessageClass(descriptor.output_type)
    make = channel.unary_stream if descriptor.server_streaming else channel.unary_unary
    return make(f"/{service}/{name}", request.SerializeToString, response.FromString), request


def who(token):
    return [("authorization", f"Bearer {token}")]


def refused(code, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()} is not {code}: {error.details()}"
        return error
    raise AssertionError(f"{code} was expected")


def check(name, passed=True):
    assert passed, name
    print(f"ok  {address}  {name}")


assert PATIENTS in database.get_services()
check("reflection lists the services")

health = health_pb2_grpc.HealthStub(channel)
check("health is SERVING", health.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING)
check("of a service, too", health.Check(health_pb2.HealthCheckRequest(service=PATIENTS)).status == 1)
refused(grpc.StatusCode.NOT_FOUND, health.Check, health_pb2.HealthCheckRequest(service="nobody"))
watch = health.Watch(health_pb2.HealthCheckRequest(service=PATIENTS))
check("health is watched", next(watch).status == 1)
watch.cancel()

create, CreatePatient = method("CreatePatient")
get, GetPatient = method("GetPatient")
list_patients, ListPatients = method("ListPatients")
export, ExportPatients = method("ExportPatients")

name = f"Asha {uuid.uuid4().hex[:8]}"
request = CreatePatient(name=name, dob="1990-04-12")
key = [("idempotency-key", str(uuid.uuid4())), ("x-correlation-id", "client-1")]
reply, call = create.with_call(request, metadata=who(desk) + key)
patient = reply.patient.patient_id
check("a patient is created", patient.startswith("pat_"))
again, call = create.with_call(request, metadata=who(desk) + key)
check("the same key answers the same", again == reply)
check("and says so", ("idempotent-replayed", "true") in list(call.initial_metadata()) + list(call.trailing_metadata()))
check("and is read", get(GetPatient(patient_id=patient), metadata=who(desk)).patient.name == name)

error = refused(grpc.StatusCode.INVALID_ARGUMENT, create, CreatePatient(name="", dob="1890-02-30"), metadata=who(desk))
status = rpc_status.from_call(error)
info, request_error = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
for detail in status.details:
    detail.Unpack(info) or detail.Unpack(request_error)
check("an error has its reason", info.reason == "INVALID_ARGUMENT")
check("and the fields at fault", {violation.field for violation in request_error.field_violations} >= {"name", "dob"})
error = refused(grpc.StatusCode.NOT_FOUND, get, GetPatient(patient_id="pat_01hv0000000000000000000000"), metadata=who(desk))
check("what isn't there is NOT_FOUND", "patient" in error.details())
refused(grpc.StatusCode.UNAUTHENTICATED, get, GetPatient(patient_id=patient))
check("without a token nobody reads")
refused(grpc.StatusCode.PERMISSION_DENIED, export_first := lambda *a, **k: next(export(*a, **k)), ExportPatients(), metadata=who(desk))
check("nor without the role")
unknown = channel.unary_unary(f"/{PATIENTS}/Nothing")
refused(grpc.StatusCode.UNIMPLEMENTED, unknown, b"", metadata=who(desk))
refused(grpc.StatusCode.UNIMPLEMENTED, channel.unary_unary("/nobody/Nothing"), b"", metadata=who(desk))
check("an unknown method is UNIMPLEMENTED")
refused(grpc.StatusCode.RESOURCE_EXHAUSTED, create, CreatePatient(name="a" * (5 << 20), dob="1990-04-12"), metadata=who(desk))
check("too large a message is RESOURCE_EXHAUSTED")
refused(grpc.StatusCode.INVALID_ARGUMENT, create, CreatePatient(name="a" * 900_000, dob="1990-04-12"), metadata=who(desk))
check("a large one arrives")
reply = list_patients(ListPatients(query=name), metadata=who(desk), compression=grpc.Compression.Gzip)
check("a packed message is read", [found.patient_id for found in reply.patients] == [patient])

for number in range(30):
    create(CreatePatient(name=f"{name} {number}", dob="1991-01-01"), metadata=who(desk))
exported = list(export(ExportPatients(), metadata=who(admin)))
check("all rows are streamed", len(exported) >= 31 and any(row.patient.patient_id == patient for row in exported))
stream = export(ExportPatients(), metadata=who(admin))
next(stream)
stream.cancel()
check("a stream is cancelled")

failures = []


def many():
    for _ in range(50):
        try:
            assert get(GetPatient(patient_id=patient), metadata=who(desk), timeout=20).patient.name == name
        except Exception as error:  # noqa: BLE001
            failures.append(error)


threads = [threading.Thread(target=many) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
check(f"800 calls, 16 at a time {failures[:1]}", not failures)
channel.close()
