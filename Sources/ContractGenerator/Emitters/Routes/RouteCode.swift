/// The Swift code of one route.
struct RouteCode {
    private let route: RouteModel

    init(_ route: RouteModel) {
        self.route = route
    }

    func emit(service: ServiceModel, to code: inout CodeWriter) {
        code.line()
        code.document(["`\(route.http.method) \(route.http.path)`"])
        code.line("static let \(SwiftName.declared(route.swiftName)) = Route(")
        code.indented { code in
            let path = route.segments.map(\.code).joined(separator: ", ")
            code.line("\"\(route.http.method)\", [\(path)], \(service.name)Methods.\(route.method.swiftName),")
            code.line("from: \(route.input.swiftName).self, to: \(route.output.swiftName).self, \(properties.joined(separator: ", ")),")
            for line in bodyClosures { code.line(line + ",") }
            code.line("answer: \(answer))")
        }
    }

    private var properties: [String] {
        var parts: [String] = []
        switch route.body {
        case .none: break
        case .whole: parts.append("body: .whole")
        case .field(let field): parts.append("body: .field(\"\(field.name)\")")
        }
        parts.append("status: \(route.status)")
        let query = route.queryFields.map { "\"\($0.name)\"" }
        if !query.isEmpty { parts.append("queryFields: [\(query.joined(separator: ", "))]") }
        let plus = route.plusFields.map { "\"\($0.name)\"" }
        if !plus.isEmpty { parts.append("plusFields: [\(plus.joined(separator: ", "))]") }
        if let field = route.ifMatch { parts.append("ifMatchField: \"\(field.name)\"") }
        if let field = route.updateMask { parts.append("updateMaskField: \"\(field.name)\"") }
        return parts
    }

    private var bodyClosures: [String] {
        var closures: [String] = []
        switch route.body {
        case .none, .whole: break
        case .field(let field): closures.append("readBody: { request, json in request.\(field.swiftName) = try json.readRequired() }")
        }
        if let mask = route.updateMask {
            closures.append("setNames: { request, names in request.\(mask.swiftName) = ProtobufFieldMask(paths: names) }")
        }
        if let field = route.ifMatch {
            closures.append("setVersion: { request, version in request.\(field.swiftName) = version }")
        }
        return closures
    }

    private var answer: String {
        guard route.status != 204 else { return "{ _ in RouteOutput() }" }
        let value = route.answer?.swiftName ?? "response"
        var arguments = [value]
        if let version = route.version { arguments.append("version: \(value).\(version.swiftName)") }
        if let location = route.location { arguments.append("location: \"\(path(of: location))\"") }
        let output = "try RouteOutput(\(arguments.joined(separator: ", ")))"
        guard let answer = route.answer else { return "{ response in \(output) }" }
        return "Route.resource(\"\(answer.name)\", \\.\(value)) { \(value) in \(output) }"
    }

    /// The location as a Swift literal: the fields of the response are interpolated.
    private func path(of location: [RouteModel.Segment]) -> String {
        location.map { segment in
            switch segment {
            case .literal(let text): return "/\(text)"
            case .field(let path):
                let names = path.split(separator: ".").map { SwiftName.property(String($0)) }
                let isInAnswer = route.answer.map { $0.swiftName == names.first } ?? false
                return "/\\(\((isInAnswer ? names : ["response"] + names).joined(separator: ".")).pathSegment)"
            }
        }.joined()
    }
}

extension RouteModel.Segment {
    fileprivate var code: String {
        switch self {
        case .literal(let text): ".literal(\"\(text)\")"
        case .field(let name): ".field(\"\(name)\")"
        }
    }
}
