/// Makes, for each service, the protocol that it implements, its dispatch both ways, its method table and its client.
struct ServiceEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        contract.files.filter { !$0.services.isEmpty }.map { file in
            .swift("\(file.stem).service.swift", of: file.protoPath, importing: contract.importedModules + ["RPC"]) { code in
                for service in file.services {
                    writeProtocol(of: service, to: &code)
                    writeDispatch(of: service, to: &code)
                    writeMethods(of: service, in: contract, to: &code)
                    writeClient(of: service, to: &code)
                }
            }
        }
    }

    private func writeProtocol(of service: ServiceModel, to code: inout CodeWriter) {
        code.line()
        code.document(service.comment)
        code.block("public protocol \(service.name)Protocol: RPCService") { code in
            if service.answersAtOnce {
                code.line("/// Where the methods read that are answered at once.")
                code.line("associatedtype Source: ReadSource")
                code.line("var database: Source { get }")
                code.line()
            }
            for (index, method) in service.methods.enumerated() {
                if index > 0 { code.line() }
                code.document(method.comment)
                code.line(method.requirement(reader: "Source.Reader"))
            }
        }
    }

    private func writeDispatch(of service: ServiceModel, to code: inout CodeWriter) {
        code.line()
        code.block("extension \(service.name)Protocol") { code in
            code.line("public var methods: [MethodDescriptor] { \(service.name)Methods.all }")
            code.line()
            code.line("/// Each call is read, held to the method's `own` rule and the request's field rules, handled and answered.")
            code.block("public func call(_ call: ServerCall) async throws -> ServerReply") { code in
                code.line("switch call.context.method.id {")
                for method in service.methods {
                    let own = method.rule.own.map { "own: \\.\(SwiftName.property($0)), " } ?? ""
                    let source = method.rule.atOnce ? "reading: database, " : ""
                    let writing = method.isStreamed ? "writing: " : ""
                    let handler = SwiftName.declared(method.swiftName)
                    code.line("case \(hexadecimal(method.id)): try await call.answer(\(source)\(own)\(writing)\(handler))")
                }
                code.line("default: throw RPCError.unimplemented(call.context.method.name)")
                code.line("}")
            }
            if service.answersAtOnce { writeDispatchAtOnce(of: service, to: &code) }
        }
    }

    private func writeDispatchAtOnce(of service: ServiceModel, to code: inout CodeWriter) {
        code.line()
        code.block("public func answerAtOnce(_ call: ServerCall) throws -> ServerReply?") { code in
            code.line("switch call.context.method.id {")
            for method in service.methods where method.rule.atOnce {
                let handler = SwiftName.declared(method.swiftName)
                code.line("case \(hexadecimal(method.id)): try call.answerAtOnce(reading: database, \(handler))")
            }
            code.line("default: nil")
            code.line("}")
        }
    }

    private func writeMethods(of service: ServiceModel, in contract: Contract, to code: inout CodeWriter) {
        code.line()
        code.line("/// What the contract says of the methods of `\(service.fullName)`.")
        code.block("public enum \(service.name)Methods") { code in
            for method in service.methods {
                code.line("public static let \(SwiftName.declared(method.swiftName)) = MethodDescriptor(")
                code.indented { $0.line(arguments(of: method, in: contract).joined(separator: ", ") + ")") }
            }
            code.line()
            let names = service.methods.map { SwiftName.declared($0.swiftName) }
            code.line("public static let all: [MethodDescriptor] = [\(names.joined(separator: ", "))]")
        }
    }

    private func arguments(of method: MethodModel, in contract: Contract) -> [String] {
        let rule = method.rule
        var arguments = [
            "name: \"\(method.fullName)\"", "id: \(hexadecimal(method.id))", "idempotency: .\(rule.idempotency)",
            "roles: [\(rule.roles.map { ".\($0)" }.joined(separator: ", "))]",
        ]
        if rule.ownRecord { arguments.append("ownRecord: true") }
        if rule.audit { arguments.append("audit: true") }
        if rule.treatment { arguments.append("treatment: true") }
        if method.isStreamed { arguments.append("isStreamed: true") }
        let version = contract.messages[method.input.fullName]?.fields.first(where: \.rule.ifMatch)
        if let version { arguments.append("ifMatchField: \(version.number)") }
        if rule.priority != .unspecified { arguments.append("priority: .\(rule.priority)") }
        return arguments
    }

    private func writeClient(of service: ServiceModel, to code: inout CodeWriter) {
        code.line()
        code.line("/// Calls `\(service.fullName)`. Throws ``RPCError``.")
        code.block("public struct \(service.name)Client: Sendable") { code in
            code.line("private let channel: any RPCChannel")
            code.line()
            code.block("public init(_ channel: any RPCChannel)") { $0.line("self.channel = channel") }
            for method in service.methods { write(method, of: service, to: &code) }
        }
    }

    private func write(_ method: MethodModel, of service: ServiceModel, to code: inout CodeWriter) {
        let name = SwiftName.declared(method.swiftName)
        code.line()
        code.document(method.comment)
        let parameters = "_ request: \(method.input.swiftName), _ options: CallOptions = CallOptions()"
        if method.isStreamed {
            return code.block("public func \(name)(\(parameters)) -> MessageStream<\(method.output.swiftName)>") { code in
                code.line("channel.stream(request, to: \(service.name)Methods.\(name), options)")
            }
        }
        code.block("public func \(name)(\(parameters)) async throws -> \(method.output.swiftName)") { code in
            code.line("try await channel.send(request, to: \(service.name)Methods.\(name), options)")
        }
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        return "0x" + stride(from: 0, to: 16, by: 4).map { String(padded.dropFirst($0).prefix(4)) }.joined(separator: "_")
    }
}

extension ServiceModel {
    /// Whether any of its methods is answered at once, and so needs to be handed a read.
    var answersAtOnce: Bool { methods.contains(where: \.rule.atOnce) }
}

extension MethodModel {
    /// The function that handles the method.
    func requirement(reader: String) -> String {
        let start = "func \(SwiftName.declared(swiftName))(_ request: \(input.swiftName), _ context: CallContext"
        if isStreamed { return start + ", _ writer: MessageWriter<\(output.swiftName)>) async throws" }
        return start + (rule.atOnce ? ", _ reader: \(reader)) throws" : ") async throws") + " -> \(output.swiftName)"
    }
}
