import Contracts
import NIOCore

/// The files of the contract by what stands in them.
struct ContractIndex: Sendable {
    struct File: Sendable {
        let name: String
        let dependencies: [String]
        /// A google.protobuf.FileDescriptorProto, encoded.
        let descriptor: ByteBuffer
    }

    private struct Extension: Hashable {
        let type: String
        let number: Int
    }

    /// Everything that this program was built with.
    static let all = ContractIndex(fileDescriptorSet: ByteBuffer(bytes: Contracts.fileDescriptorSet))

    private var files: [String: File] = [:]
    private var nameBySymbol: [String: String] = [:]
    private var nameByExtension: [Extension: String] = [:]

    init(fileDescriptorSet: ByteBuffer) {
        for field in ProtobufFields(fileDescriptorSet) where field.number == 1 {
            if let descriptor = field.value.bytes { add(descriptor) }
        }
    }

    func file(named name: String) -> File? { files[name] }

    func file(of symbol: String) -> File? { nameBySymbol[symbol].flatMap { files[$0] } }

    /// - Parameter wanted: an ExtensionRequest.
    func file(ofExtension wanted: ByteBuffer) -> File? {
        var (type, number) = ("", 0)
        for field in ProtobufFields(wanted) {
            switch field.number {
            case 1: type = field.value.text ?? ""
            case 2: number = Int(truncatingIfNeeded: field.value.number ?? 0)
            default: break
            }
        }
        return nameByExtension[Extension(type: type, number: number)].flatMap { files[$0] }
    }

    func extensionNumbers(of type: String) -> [Int] {
        nameByExtension.keys.filter { $0.type == type }.map(\.number).sorted()
    }

    /// The file and all that it needs, itself first.
    func withDependencies(_ file: File) -> [File] {
        var found = [file]
        var names: Set = [file.name]
        var index = 0
        while index < found.count {
            for name in found[index].dependencies where names.insert(name).inserted {
                if let file = files[name] { found.append(file) }
            }
            index += 1
        }
        return found
    }

    // MARK: Reading descriptors

    private mutating func add(_ descriptor: ByteBuffer) {
        var (name, package) = ("", "")
        var dependencies: [String] = []
        for field in ProtobufFields(descriptor) {
            switch field.number {
            case 1: name = field.value.text ?? ""
            case 2: package = field.value.text ?? ""
            case 3: dependencies.append(field.value.text ?? "")
            default: break
            }
        }
        files[name] = File(name: name, dependencies: dependencies, descriptor: descriptor)
        for field in ProtobufFields(descriptor) {
            guard let part = field.value.bytes else { continue }
            switch field.number {
            case 4: addMessage(part, in: package, of: name)
            case 5: addSymbol(part, in: package, of: name)
            case 6: addService(part, in: package, of: name)
            case 7: addExtension(part, of: name)
            default: break
            }
        }
    }

    private mutating func addMessage(_ message: ByteBuffer, in scope: String, of file: String) {
        let symbol = addSymbol(message, in: scope, of: file)
        for field in ProtobufFields(message) {
            guard let part = field.value.bytes else { continue }
            switch field.number {
            case 3: addMessage(part, in: symbol, of: file)
            case 4: addSymbol(part, in: symbol, of: file)
            case 6: addExtension(part, of: file)
            default: break
            }
        }
    }

    private mutating func addService(_ service: ByteBuffer, in package: String, of file: String) {
        let symbol = addSymbol(service, in: package, of: file)
        for field in ProtobufFields(service) where field.number == 2 {
            if let method = field.value.bytes { addSymbol(method, in: symbol, of: file) }
        }
    }

    /// Whatever has its name in field 1.
    @discardableResult
    private mutating func addSymbol(_ part: ByteBuffer, in scope: String, of file: String) -> String {
        let name = ProtobufFields(part).first { $0.number == 1 }?.value.text ?? ""
        let symbol = scope.isEmpty ? name : "\(scope).\(name)"
        nameBySymbol[symbol] = file
        return symbol
    }

    private mutating func addExtension(_ field: ByteBuffer, of file: String) {
        var (type, number) = ("", 0)
        for part in ProtobufFields(field) {
            switch part.number {
            case 2: type = part.value.text ?? ""
            case 3: number = Int(truncatingIfNeeded: part.value.number ?? 0)
            default: break
            }
        }
        nameByExtension[Extension(type: type.hasPrefix(".") ? String(type.dropFirst()) : type, number: number)] = file
    }
}
