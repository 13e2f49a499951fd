import FieldChecks
import NIOCore
import ProtobufC
import ProtobufJSON

/// How a route's request is made of what HTTP gives. All that is wrong is told at once.
struct RequestReader<Request: JSONMessage> {
    let queryFields: [String]
    /// The fields that the path or a header gives, and so the body may not.
    let elsewhere: [String]
    let readBody: Route.BodyReader<Request>?
    let setNames: (@Sendable (inout Request, [String]) -> Void)?

    func request(_ input: RouteInput) throws -> Request {
        var request = Request()
        var violations: [FieldViolation] = []
        if let readBody {
            read(input.body, readBody, into: &request, &violations)
        } else if input.body != nil {
            violations.append(FieldViolation(field: "body", message: "must be empty"))
        }
        setParameters(input, of: &request, &violations)
        guard violations.isEmpty else { throw InvalidRequest(violations) }
        return request
    }

    private func read(
        _ body: ByteBuffer?, _ readBody: Route.BodyReader<Request>, into request: inout Request, _ violations: inout [FieldViolation]
    ) {
        guard let body, body.readableBytes > 0 else {
            violations.append(FieldViolation(field: "body", message: "is required"))
            return
        }
        do {
            let names = try body.withUnsafeReadableBytes { bytes in
                var reader = JSONReader(bytes, options: .api, collectsNames: true)
                try readBody(&request, &reader)
                try reader.finish()
                return reader.presentNames
            }
            for name in names where elsewhere.contains(name) {
                violations.append(FieldViolation(field: name, message: "is given by the path or a header, not by the body"))
            }
            setNames?(&request, names)
        } catch {
            violations.append(FieldViolation(error))
        }
    }

    private func setParameters(_ input: RouteInput, of request: inout Request, _ violations: inout [FieldViolation]) {
        for (name, value) in input.path { set(name, [value], of: &request, &violations) }
        for (name, values) in input.query {
            guard queryFields.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) else {
                violations.append(.unknown(name))
                continue
            }
            guard !values.contains("") else {
                violations.append(FieldViolation(field: name, message: "must not be empty"))
                continue
            }
            set(name, values, of: &request, &violations)
        }
    }

    private func set(_ name: String, _ texts: [String], of request: inout Request, _ violations: inout [FieldViolation]) {
        do {
            try request.set(name, text: texts)
        } catch {
            violations.append(FieldViolation(field: error.field, message: error.message))
        }
    }
}

extension FieldViolation {
    /// A query parameter nobody knows. Only a name is repeated: anything else might be a value in the wrong place.
    fileprivate static func unknown(_ name: String) -> FieldViolation {
        let isName =
            1...64 ~= name.utf8.count
            && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0.isASCIIAlphanumeric }
        return isName
            ? FieldViolation(field: name, message: "is not known")
            : FieldViolation(field: "query", message: "has a parameter that is not known")
    }

    fileprivate init(_ error: any Error) {
        guard let error = error as? JSONDecodingError else {
            self.init(field: "body", message: "can't be read")
            return
        }
        self.init(field: error.field.isEmpty ? "body" : error.field, message: error.message)
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}

extension String {
    /// The text as one segment of a path.
    public var pathSegment: String {
        utf8.allSatisfy(\.isUnreserved) ? self : utf8.map(\.percentEncoded).joined()
    }
}

extension UInt8 {
    /// What RFC 3986 lets stand for itself.
    fileprivate var isUnreserved: Bool {
        isASCIIAlphanumeric || self == UInt8(ascii: "-") || self == UInt8(ascii: ".") || self == UInt8(ascii: "_")
            || self == UInt8(ascii: "~")
    }

    fileprivate var percentEncoded: String {
        isUnreserved ? String(Unicode.Scalar(self)) : "%" + (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true)
    }
}
