import FieldChecks
import NIOCore
import ProtobufC
public import ProtobufJSON
public import RPC

extension Route {
    /// A method by its own name: `POST /hms.patient.v1.PatientService/GetPatient`, its request and response whole, in the JSON that
    /// every protobuf library reads and writes.
    public static func call<Request: JSONMessage, Response: JSONMessage>(
        _ method: MethodDescriptor, from request: Request.Type, to response: Response.Type
    ) -> Route {
        let path = method.name.split(separator: "/").map { PathSegment.literal(String($0)) }
        return Route(
            "POST", path, method, body: .whole,
            encodeRequest: { input in
                do {
                    let json = input.body.map { Array($0.readableBytesView) } ?? []
                    return try Request(json: json, options: .standard).payload()
                } catch let error as JSONDecodingError {
                    throw InvalidRequest([FieldViolation(field: error.field, message: error.message)])
                }
            },
            decodeResponse: { bytes in
                RouteOutput(json: try Response(payload: bytes).json(options: .standard))
            })
    }
}
