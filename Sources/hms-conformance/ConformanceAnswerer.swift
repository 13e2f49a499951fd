import ConformanceMessages
import Contracts
import ProtobufC
import ProtobufJSON

/// Does what one request asks for: reads its payload and writes it in the other format.
struct ConformanceAnswerer {
    /// The JSON mapping to the letter, with every type that an Any may hold: the runner's and Google's own.
    private static let options: JSONOptions = {
        var options = JSONOptions.standard
        options.types = MessageTypes([
            TestAllTypesProto3.self, ProtobufAny.self, ProtobufBoolValue.self, ProtobufBytesValue.self, ProtobufDoubleValue.self,
            ProtobufDuration.self, ProtobufEmpty.self, ProtobufFieldMask.self, ProtobufFloatValue.self, ProtobufInt32Value.self,
            ProtobufInt64Value.self, ProtobufListValue.self, ProtobufStringValue.self, ProtobufStruct.self, ProtobufTimestamp.self,
            ProtobufUInt32Value.self, ProtobufUInt64Value.self, ProtobufValue.self,
        ])
        return options
    }()

    func answer(to request: ConformanceRequest) -> ConformanceResponse {
        switch request.messageType {
        case FailureSet.fullName: ConformanceResponse(result: .protobufPayload(FailureSet().protobuf()))
        case TestAllTypesProto3.fullName: ConformanceResponse(result: result(of: request))
        default: ConformanceResponse(result: .skipped("\(request.messageType) is not proto3"))
        }
    }

    private func result(of request: ConformanceRequest) -> ConformanceResponse.OneOf_Result {
        do {
            guard let message = try message(in: request) else { return .skipped("only binary and JSON are spoken") }
            return output(of: message, as: request.requestedOutputFormat)
        } catch {
            return .parseError(String(describing: error))
        }
    }

    /// Nil where the payload is in a format that isn't spoken.
    private func message(in request: ConformanceRequest) throws -> TestAllTypesProto3? {
        var options = Self.options
        options.ignoresUnknown = request.testCategory == .jsonIgnoreUnknownParsingTest
        return switch request.payload {
        case .protobufPayload(let bytes)?: try TestAllTypesProto3(protobuf: bytes)
        case .jsonPayload(let text)?: try TestAllTypesProto3(json: text, options: options)
        case .jspbPayload?, .textPayload?, nil: nil
        }
    }

    private func output(of message: TestAllTypesProto3, as format: WireFormat) -> ConformanceResponse.OneOf_Result {
        do {
            switch format {
            case .protobuf: return .protobufPayload(message.protobuf())
            case .json: return .jsonPayload(String(decoding: try message.json(options: Self.options), as: UTF8.self))
            case .unspecified, .jspb, .textFormat, .unrecognized: return .skipped("only binary and JSON are spoken")
            }
        } catch {
            return .serializeError(String(describing: error))
        }
    }
}
