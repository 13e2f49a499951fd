"""Calls a hospital by connectrpc, Connect's library for Python, with no generated code: over Connect, gRPC and gRPC-Web, in protobuf
and in JSON, packed as the library packs unless told not to.

    connect.py URL RECEPTION-TOKEN DESCRIPTORS
"""

import sys
import uuid

from connectrpc.client import ConnectClientSync
from connectrpc.code import Code
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.protocol import ProtocolType
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from pyqwest import HTTPVersion, SyncClient, SyncHTTPTransport

url, desk, descriptors = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(open(descriptors, "rb").read()).file:
    pool.Add(file)
service = pool.FindServiceByName("hms.patient.v1.PatientService")


def method(name, level=IdempotencyLevel.UNKNOWN):
    descriptor = service.FindMethodByName(name)
    request, response = (message_factory.GetMessageClass(one) for one in (descriptor.input_type, descriptor.output_type))
    return MethodInfo(
        name=name, service_name=service.full_name, input=request, output=response, idempotency_level=level, stream_type=StreamType.UNARY)


create, get = method("CreatePatient"), method("GetPatient", IdempotencyLevel.NO_SIDE_EFFECTS)
token = {"authorization": f"Bearer {desk}"}


def refused(code, reason, call):
    try:
        call()
    except ConnectError as error:
        assert error.code == code, error.code
        assert any(reason.encode() in detail.message_bytes for detail in error.details), error.details
        return error
    raise AssertionError(f"{code} was expected")


def calls(client, may_get):
    name = f"Asha {uuid.uuid4()}"
    key = {"idempotency-key": str(uuid.uuid4())}
    request = create.input(name=name, dob="1990-04-12")
    made = [client.execute_unary(request=request, method=create, headers=token | key) for _ in range(2)]
    assert made[0].patient.patient_id == made[1].patient.patient_id, "a retry makes a second patient"
    read = get.input(patient_id=made[0].patient.patient_id)
    for use_get in [False, True] if may_get else [False]:
        found = client.execute_unary(request=read, method=get, headers=token, use_get=use_get, timeout_ms=5000)
        assert found.patient.name == name
    missing = get.input(patient_id="pat_01hv0000000000000000000000")
    refused(Code.NOT_FOUND, "PATIENT_NOT_FOUND", lambda: client.execute_unary(request=missing, method=get, headers=token))
    refused(Code.UNAUTHENTICATED, "UNAUTHENTICATED", lambda: client.execute_unary(request=read, method=get))
    wrong = create.input(name="", dob="1890-02-30")
    refused(Code.INVALID_ARGUMENT, "dob", lambda: client.execute_unary(request=wrong, method=create, headers=token))


for version in HTTPVersion.HTTP1, HTTPVersion.HTTP2:
    for protocol in ProtocolType:
        if protocol == ProtocolType.GRPC and version == HTTPVersion.HTTP1:
            continue
        for codec in google_protobuf_binary_codec(), google_protobuf_json_codec():
            if codec.name() == "json" and protocol != ProtocolType.CONNECT:
                continue
            with SyncHTTPTransport(http_version=version) as transport:
                client = ConnectClientSync(url, codec=codec, protocol=protocol, http_client=SyncClient(transport))
                calls(client, may_get=protocol == ProtocolType.CONNECT)
            print(f"connectrpc: {protocol.name} in {codec.name()} over {version}")
