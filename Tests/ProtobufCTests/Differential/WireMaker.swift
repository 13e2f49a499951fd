import CProtobufC
import SeededRandom

/// Makes up messages in protobuf's binary form, from the table that describes their type: single fields come more than once,
/// oneofs have several members, lists come packed and not, and there are fields that nobody knows.
struct WireMaker {
    private var random: SplitMix64
    /// Fields of these message types are left out.
    private let omitted: Set<String>

    init(seed: UInt64, omitting omitted: Set<String> = []) {
        random = SplitMix64(seed: seed)
        self.omitted = omitted
    }

    mutating func message(of type: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int = 0) -> [UInt8] {
        var wire = WireBytes()
        let fields = UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields)).filter { !isOmitted($0) }
        for _ in 0..<Int.random(in: 0...(depth > 4 ? 1 : 6), using: &random) {
            guard let field = fields.randomElement(using: &random), !oneIn(15) else {
                wire = stranger(wire)
                continue
            }
            wire = add(field, to: wire, depth: depth)
        }
        return wire.bytes
    }

    /// Flips bits, cuts, and repeats pieces.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return bytes }
        var bytes = bytes
        let place = Int.random(in: bytes.indices, using: &random)
        let piece = place..<min(place + Int.random(in: 1...20, using: &random), bytes.count)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(piece)
        default: bytes.insert(contentsOf: bytes[piece], at: place)
        }
        return bytes
    }

    // MARK: Fields

    private func isOmitted(_ field: ProtobufCFieldDescriptor) -> Bool {
        guard field.type == PROTOBUF_C_TYPE_MESSAGE, let type = messageType(of: field) else { return false }
        return omitted.contains(String(cString: type.pointee.name))
    }

    private func messageType(of field: ProtobufCFieldDescriptor) -> UnsafePointer<ProtobufCMessageDescriptor>? {
        field.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    }

    private mutating func add(_ field: ProtobufCFieldDescriptor, to wire: WireBytes, depth: Int) -> WireBytes {
        let number = UInt64(field.id)
        switch field.type {
        case PROTOBUF_C_TYPE_MESSAGE:
            guard let type = messageType(of: field) else { return wire }
            return wire.piece(number, message(of: type, depth: depth + 1))
        case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES:
            return wire.text(number, Self.texts.randomElement(using: &random) ?? "")
        default:
            if field.label == PROTOBUF_C_LABEL_REPEATED, !oneIn(3) {
                return wire.piece(number, (0..<Int.random(in: 0...4, using: &random)).flatMap { _ in scalar(field.type) })
            }
            return wire.adding(WireBytes.tag(number, wireType(field.type)) + scalar(field.type))
        }
    }

    private func wireType(_ type: ProtobufCType) -> UInt64 {
        switch type {
        case PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_FLOAT: 5
        case PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE: 1
        default: 0
        }
    }

    private mutating func scalar(_ type: ProtobufCType) -> [UInt8] {
        switch type {
        case PROTOBUF_C_TYPE_BOOL: return [UInt8.random(in: 0...1, using: &random)]
        case PROTOBUF_C_TYPE_FLOAT: return littleEndian((Self.numbers.randomElement(using: &random).map { Float($0) } ?? 0).bitPattern)
        case PROTOBUF_C_TYPE_DOUBLE: return littleEndian((Self.numbers.randomElement(using: &random) ?? 0).bitPattern)
        default: break
        }
        switch wireType(type) {
        case 5: return littleEndian(UInt32.random(in: .min ... .max, using: &random) >> UInt32.random(in: 0...31, using: &random))
        case 1: return littleEndian(someNumber())
        default: return WireBytes.varint(someNumber())
        }
    }

    /// A field that is in no contract: a number or a piece.
    private mutating func stranger(_ wire: WireBytes) -> WireBytes {
        let number = UInt64.random(in: 5000...9999, using: &random)
        return oneIn(2) ? wire.varint(number, someNumber()) : wire.text(number, "unknown")
    }

    // MARK: Values

    private static let texts = ["", "a", "snow ☃", "naïve", "\u{0}", "\"\\\n", "🏥", "-5", "1.5s", "fooBar,baz", "\u{2028}"]
    private static let numbers: [Double] = [
        0, -0.0, 1, -1.5, 0.1, 1e21, 1e-7, 3.4028234663852886e38, .infinity, -.infinity, .nan, 123_456_789,
    ]

    private mutating func someNumber() -> UInt64 {
        let small = UInt64.random(in: 0...200, using: &random)
        return oneIn(2) ? small : UInt64.random(in: .min ... .max, using: &random) >> (small % 64)
    }

    private mutating func oneIn(_ count: Int) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }

    private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
