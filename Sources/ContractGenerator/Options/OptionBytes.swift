import Foundation

/// Reads custom options. protoc's own descriptor types don't know them, so they arrive as bytes of unknown fields.
struct OptionBytes {
    private var scalars: [Int: [UInt64]] = [:]
    private var chunks: [Int: [[UInt8]]] = [:]

    init(_ bytes: some Sequence<UInt8>) {
        var rest = Array(bytes)[...]
        while let key = Self.takeVarint(from: &rest) {
            let number = Int(key >> 3)
            switch key & 7 {
            case 0:
                guard let value = Self.takeVarint(from: &rest) else { return }
                scalars[number, default: []].append(value)
            case 2:
                guard let count = Self.takeVarint(from: &rest), count <= rest.count else { return }
                chunks[number, default: []].append(Array(rest.prefix(Int(count))))
                rest = rest.dropFirst(Int(count))
            default:
                rest = rest.dropFirst(key & 7 == 1 ? 8 : 4)
            }
        }
    }

    /// The message in field `number`; several occurrences are one message, as protobuf merges them.
    func message(_ number: Int) -> OptionBytes? {
        chunks[number].map { OptionBytes($0.joined()) }
    }

    /// Each occurrence of a repeated message.
    func messages(_ number: Int) -> [OptionBytes] {
        chunks[number, default: []].map { OptionBytes($0) }
    }

    func text(_ number: Int) -> String? {
        chunks[number]?.last.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Each occurrence of a repeated text.
    func texts(_ number: Int) -> [String] {
        chunks[number, default: []].map { String(decoding: $0, as: UTF8.self) }
    }

    func bool(_ number: Int) -> Bool {
        scalars[number]?.last.map { $0 != 0 } ?? false
    }

    func integer(_ number: Int) -> Int? {
        scalars[number]?.last.map { Int(Int64(bitPattern: $0)) }
    }

    /// A repeated number, packed or not.
    func integers(_ number: Int) -> [Int] {
        var all = scalars[number, default: []]
        for chunk in chunks[number, default: []] {
            var rest = chunk[...]
            while let value = Self.takeVarint(from: &rest) { all.append(value) }
        }
        return all.map { Int(Int64(bitPattern: $0)) }
    }

    private static func takeVarint(from rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for (position, byte) in rest.prefix(10).enumerated() {
            value |= UInt64(byte & 0x7F) << (7 * UInt64(position))
            if byte < 0x80 {
                rest = rest.dropFirst(position + 1)
                return value
            }
        }
        return nil
    }
}
