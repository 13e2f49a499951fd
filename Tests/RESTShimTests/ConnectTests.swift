import Contracts
import Foundation
import NIOCore
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Testing

@testable import RESTShim

/// Methods by their own names, as Connect calls them: by curl, or any client that is made for it.
@Suite(.timeLimit(.minutes(10))) struct ConnectTests {
    private static let get = "/hms.patient.v1.PatientService/GetPatient"
    private static let create = "/hms.patient.v1.PatientService/CreatePatient"

    /// A service that knows one patient.
    private static func patients() -> FakeChannel {
        FakeChannel { call in
            guard call.payload.contains("pat_1") || call.method.name.hasSuffix("CreatePatient") else {
                throw RPCError.notFound("PATIENT_NOT_FOUND")
            }
            let patient = Patient(patientID: "pat_1", name: "Asha Rao", dob: "1990-04-12", version: 3)
            let payload =
                call.method.name.hasSuffix("CreatePatient")
                ? CreatePatientResponse(patient: patient).payload() : GetPatientResponse(patient: patient).payload()
            return ClientReply(payload: payload, metadata: ["idempotent-replayed": "true"])
        }
    }

    private func withShim(_ channel: FakeChannel = patients(), _ body: (Shim, FakeChannel) async throws -> Void) async throws {
        try await Shim.run(routes: [], channels: ["patient": channel]) { shim async throws in try await body(shim, channel) }
    }

    @Test(arguments: [#"{"patientId": "pat_1"}"#, #"{"patient_id": "pat_1"}"#])
    func `a call is made in JSON as every protobuf library writes it`(body: String) async throws {
        try await withShim { shim, channel async throws in
            let fields = ["X-Correlation-ID": "desk-1", "Connect-Protocol-Version": "1", "Connect-Timeout-Ms": "1500"]
            let answer = try await shim.ask("POST", Self.get, fields, body: body)
            #expect(answer.status == 200 && answer["Content-Type"] == "application/json" && answer["ETag"] == nil)
            let patient = answer.json["patient"] as? [String: Any]
            #expect(patient?["patientId"] as? String == "pat_1" && patient?["version"] as? String == "3")
            #expect(channel.calls.map(\.options.timeout) == [.milliseconds(1500)])
            #expect(channel.calls.first?.options.metadata["x-correlation-id"] == "desk-1")
        }
    }

    @Test func `a call is made in protobuf, which goes to the service as it came`() async throws {
        try await withShim { shim, channel async throws in
            let request = String(buffer: GetPatientRequest(patientID: "pat_1").payload())
            let answer = try await shim.ask("POST", Self.get, ["Content-Type": "application/proto"], body: request)
            #expect(answer.status == 200 && answer["Content-Type"] == "application/proto")
            #expect(try GetPatientResponse(payload: ByteBuffer(bytes: answer.body)).patient?.name == "Asha Rao")
            #expect(channel.calls.map(\.payload) == [request])
        }
    }

    @Test(arguments: [
        "encoding=json&message=%7B%22patientId%22%3A+%22pat_1%22%7D",
        "connect=v1&encoding=json&base64=1&message=eyJwYXRpZW50SWQiOiJwYXRfMSJ9",
        "encoding=proto&base64=1&message=CgVwYXRfMQ", "encoding=proto&base64=1&message=CgVwYXRfMQ%3D%3D",
    ])
    func `what only reads can be a GET`(query: String) async throws {
        try await withShim { shim, channel async throws in
            let answer = try await shim.ask("GET", "\(Self.get)?\(query)")
            #expect(answer.status == 200)
            #expect(channel.calls.map(\.payload) == [String(buffer: GetPatientRequest(patientID: "pat_1").payload())])
        }
    }

    @Test func `what writes can't be a GET, and takes a key`() async throws {
        try await withShim { shim, channel async throws in
            #expect(try await shim.ask("GET", "\(Self.create)?encoding=json&message=%7B%7D").status == 405)
            let answer = try await shim.ask("POST", Self.create, ["Idempotency-Key": "k"], body: #"{"name":"Asha Rao","dob":"1990-04-12"}"#)
            #expect(answer.status == 200 && answer["Idempotent-Replayed"] == "true" && answer["Location"] == nil)
            #expect(channel.calls.first?.options.metadata["idempotency-key"] == "k")
        }
    }

    @Test(
        arguments: [
            (#"{"patientId":"pat_2"}"#, "application/json", CallerRole.reception, 404, "not_found", "PATIENT_NOT_FOUND"),
            (#"{"patientId":"pat_1"}"#, "application/json", nil, 401, "unauthenticated", "UNAUTHENTICATED"),
            (#"{"nothing":1}"#, "application/json", .reception, 400, "invalid_argument", "INVALID_ARGUMENT"),
            (#"{"#, "application/json", .reception, 400, "invalid_argument", "INVALID_ARGUMENT"),
            (#"{}"#, "text/plain", .reception, 415, "invalid_argument", "UNSUPPORTED_MEDIA_TYPE"),
        ] as [(String, String, CallerRole?, Int, String, String)])
    func `errors are told as Connect tells them`(
        body: String, type: String, role: CallerRole?, status: Int, code: String, reason: String
    ) async throws {
        try await withShim { shim, _ async throws in
            let answer = try await shim.ask("POST", Self.get, ["Content-Type": type], body: body, role: role)
            #expect(answer.status == status && answer["Content-Type"] == "application/json")
            #expect(answer.code == code && answer.json["message"] is String)
            let detail = (answer.json["details"] as? [[String: Any]])?.first
            #expect(detail?["type"] as? String == "google.rpc.ErrorInfo")
            let value = (detail?["value"] as? String).map { $0 + String(repeating: "=", count: (4 - $0.count % 4) % 4) }
            let bytes = value.flatMap { Data(base64Encoded: $0) } ?? Data()
            #expect(String(decoding: bytes, as: UTF8.self).contains(reason))
        }
    }

    @Test(
        arguments: [("pat_1", "grpc-status: 0\r\n"), ("pat_2", "grpc-status: 5\r\n")],
        ["application/grpc-web+proto", "application/grpc-web-text+proto"])
    func `a browser calls by gRPC-Web, whose trailers are the last message`(
        call: (id: String, trailers: String), type: String
    ) async throws {
        let (id, trailers) = call
        try await withShim { shim, channel async throws in
            let message = GetPatientRequest(patientID: id).payload()
            var body = ByteBuffer()
            body.writeMultipleIntegers(UInt8(0), UInt32(message.readableBytes))
            body.writeImmutableBuffer(message)
            let fields = ["Content-Type": type, "grpc-timeout": "3S"]
            let isText = type.contains("text")
            let sent = isText ? Data(body.readableBytesView).base64EncodedString() : String(buffer: body)
            let answer = try await shim.ask("POST", Self.get, fields, body: sent)
            #expect(answer.status == 200 && answer["Content-Type"] == type)
            let bytes = isText ? try #require(Data(base64Encoded: Data(answer.body))) : Data(answer.body)
            var (rest, messages) = (ByteBuffer(bytes: bytes), [(UInt8, ByteBuffer)]())
            while let (flag, length) = rest.readMultipleIntegers(as: (UInt8, UInt32).self) {
                messages.append((flag, rest.readSlice(length: Int(length)) ?? ByteBuffer()))
            }
            #expect(messages.map(\.0) == (id == "pat_1" ? [0, 0x80] : [0x80]))
            #expect(messages.last.map { String(buffer: $0.1).hasPrefix(trailers) } == true)
            #expect(channel.calls.map(\.options.timeout) == [.seconds(3)])
        }
    }

    @Test(arguments: ["application/json", "application/proto", "application/grpc-web+proto", "application/grpc-web-text"])
    func `a message may be packed by gzip`(type: String) async throws {
        try await withShim { shim, channel async throws in
            let answer = try await shim.ask("POST", Self.get, Self.packed(type), bytes: Self.packedBody(type, id: "pat_1"))
            #expect(answer.status == 200 && answer["Grpc-Status"] == nil)
            #expect(channel.calls.map(\.payload) == [String(buffer: GetPatientRequest(patientID: "pat_1").payload())])
        }
    }

    @Test func `so may that of a GET`() async throws {
        try await withShim { shim, channel async throws in
            let message = try #require(Gzip.compress(Array(#"{"patientId":"pat_1"}"#.utf8), .most))
            let text = Data(message).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            let answer = try await shim.ask("GET", "\(Self.get)?connect=v1&encoding=json&base64=1&compression=gzip&message=\(text)")
            #expect(answer.status == 200 && channel.calls.count == 1)
        }
    }

    @Test(arguments: ["application/json", "application/proto", "application/grpc-web+proto"])
    func `no more of a packed message is unpacked than a body may have`(type: String) async throws {
        try await withShim { shim, channel async throws in
            let long = String(repeating: "0", count: 2 << 20)
            let answer = try await shim.ask("POST", Self.get, Self.packed(type), bytes: Self.packedBody(type, id: long))
            let said = type.contains("web") ? String(decoding: answer.body.dropFirst(5), as: UTF8.self) : answer.code ?? ""
            #expect(said.hasPrefix(type.contains("web") ? "grpc-status: 8\r\n" : "resource_exhausted"), "\(answer.text)")
            #expect(channel.calls.isEmpty)
        }
    }

    @Test func `what is packed otherwise, or broken, is refused`() async throws {
        try await withShim { shim, channel async throws in
            let other = try await shim.ask("POST", Self.get, ["Content-Encoding": "br"], body: "{}")
            #expect(other.status == 501 && other.code == "unimplemented")
            let body = try #require(Gzip.compress(Array("{}".utf8), .most)?.dropLast())
            let broken = try await shim.ask("POST", Self.get, ["Content-Encoding": "gzip"], bytes: Array(body))
            #expect(broken.status == 400 && broken.code == "invalid_argument" && channel.calls.isEmpty)
        }
    }

    private static func packed(_ type: String) -> [String: String] {
        ["Content-Type": type, type.contains("web") ? "Grpc-Encoding" : "Content-Encoding": "gzip"]
    }

    /// A request to read a patient.
    private static func packedBody(_ type: String, id: String) throws -> [UInt8] {
        let request = GetPatientRequest(patientID: id).payload()
        let message = type == "application/json" ? Array("{\"patientId\":\"\(id)\"}".utf8) : Array(request.readableBytesView)
        let packed = try #require(Gzip.compress(message, .most))
        guard type.contains("web") else { return packed }
        var framed = ByteBuffer()
        framed.writeMultipleIntegers(UInt8(1), UInt32(packed.count))
        framed.writeBytes(packed)
        let bytes = Array(framed.readableBytesView)
        return type.contains("text") ? Array(Data(bytes).base64EncodedString().utf8) : bytes
    }

    @Test(arguments: ["AAAA*", "AAAAAA", ""])
    func `a text of gRPC-Web that is no message is refused as gRPC-Web says it`(body: String) async throws {
        try await withShim { shim, channel async throws in
            let answer = try await shim.ask("POST", Self.get, ["Content-Type": "application/grpc-web-text"], body: body)
            let trailers = Data(base64Encoded: Data(answer.body)).map { String(decoding: $0.dropFirst(5), as: UTF8.self) }
            #expect(answer.status == 200 && trailers?.hasPrefix("grpc-status: 3\r\n") == true && channel.calls.isEmpty)
        }
    }

    @Test(arguments: ["0", "soon", "-1", "1.5", ""])
    func `a timeout that is none is refused`(timeout: String) async throws {
        try await withShim { shim, channel async throws in
            let answer = try await shim.ask("POST", Self.get, ["Connect-Timeout-Ms": timeout], body: #"{"patientId":"pat_1"}"#)
            #expect(answer.status == 400 && channel.calls.isEmpty)
        }
    }

    @Test func `a timeout over the longest is the longest`() async throws {
        try await withShim { shim, channel async throws in
            let fields = ["Connect-Timeout-Ms": "9999999999"]
            #expect(try await shim.ask("POST", Self.get, fields, body: #"{"patientId":"pat_1"}"#).status == 200)
            #expect(channel.calls.map(\.options.timeout) == [.seconds(60)])
        }
    }

    @Test func `so it is over HTTP 2`() async throws {
        try await withShim { shim, _ async throws in
            let answer = try await Curl.ask(
                [
                    "--http2-prior-knowledge", "-H", "Authorization: Bearer \(try await shim.token())", "-H",
                    "Content-Type: application/json",
                ],
                "http://127.0.0.1:\(shim.port)\(Self.get)", body: #"{"patientId":"pat_1"}"#)
            #expect(answer.head.hasPrefix("HTTP/2 200") && answer.body.contains("Asha Rao"))
        }
    }

    @Test(arguments: [("YQ", [97]), ("YQ==", [97]), ("-_8", [251, 255]), ("+/8=", [251, 255]), ("", [])] as [(String, [UInt8])])
    func `base 64 is read in either alphabet`(text: String, bytes: [UInt8]) {
        #expect(Base64.decode(Array(text.utf8)) == bytes)
    }

    @Test(arguments: ["Y", "Y!", "=YQ", "Ä"])
    func `what is no base 64 is none`(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }
}
