import NIOCore

/// The messages of gRPC's reflection.
enum ServerReflection {
    private static let (notFound, invalidArgument): (UInt64, UInt64) = (5, 3)

    /// - Parameter question: a ServerReflectionRequest.
    static func answer(_ question: ByteBuffer, _ services: [String], in contract: ContractIndex = .all) -> ByteBuffer {
        var answer = ByteBuffer()
        var host = ""
        var fill: (inout ByteBuffer) -> Void = { $0.writeError(invalidArgument, "this question isn't known") }
        for field in ProtobufFields(question) {
            switch (field.number, field.value) {
            case (1, let value): host = value.text ?? ""
            case (3, let value): fill = files(contract.file(named: value.text ?? ""), in: contract)
            case (4, let value): fill = files(contract.file(of: value.text ?? ""), in: contract)
            case (5, .bytes(let wanted)): fill = files(contract.file(ofExtension: wanted), in: contract)
            case (6, let value): fill = numbers(value.text ?? "", in: contract)
            case (7, _): fill = list(services)
            default: break
            }
        }
        answer.writeField(1, host)
        answer.writeField(2, question)
        fill(&answer)
        return answer
    }

    private static func files(_ file: ContractIndex.File?, in contract: ContractIndex) -> (inout ByteBuffer) -> Void {
        guard let file else { return { $0.writeError(notFound, "there is no such file or symbol") } }
        return { answer in
            answer.writeMessage(4) { response in
                for file in contract.withDependencies(file) { response.writeField(1, file.descriptor) }
            }
        }
    }

    private static func numbers(_ type: String, in contract: ContractIndex) -> (inout ByteBuffer) -> Void {
        guard contract.file(of: type) != nil else { return { $0.writeError(notFound, "there is no such type") } }
        return { answer in
            answer.writeMessage(5) { response in
                response.writeField(1, type)
                for number in contract.extensionNumbers(of: type) { response.writeField(2, UInt64(number)) }
            }
        }
    }

    private static func list(_ services: [String]) -> (inout ByteBuffer) -> Void {
        { answer in
            answer.writeMessage(6) { response in
                for service in services { response.writeMessage(1) { $0.writeField(1, service) } }
            }
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeError(_ code: UInt64, _ sentence: String) {
        writeMessage(7) { error in
            error.writeField(1, code)
            error.writeField(2, sentence)
        }
    }
}
