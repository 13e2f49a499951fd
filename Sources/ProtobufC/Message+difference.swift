import CProtobufC

extension Message {
    /// The names of this message's own fields that hold something else than in `old`; where that is nil, of those that hold
    /// something. A message within counts as one field.
    public func fieldNames(otherThanIn old: Self?) -> [String] {
        let (mine, before) = (EncodedFields(protobuf()).fields, old.map { EncodedFields($0.protobuf()).fields } ?? [:])
        let others = Set(mine.keys).union(before.keys).filter { mine[$0] != before[$0] }
        guard !others.isEmpty else { return [] }
        let table = Self.descriptor.pointee
        return UnsafeBufferPointer(start: table.fields, count: Int(table.n_fields)).compactMap { field in
            others.contains(field.id) ? String(cString: field.name) : nil
        }
    }
}

/// The fields of an encoded message by their numbers, each with all that stands in it.
private struct EncodedFields {
    private(set) var fields: [UInt32: [ArraySlice<UInt8>]] = [:]

    /// Goes as far as it can: what is encoded here can be read to its end.
    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let tag = Self.varint(&rest) {
            let start = rest
            guard Self.skip(wireType: tag & 7, in: &rest) else { return }
            fields[UInt32(truncatingIfNeeded: tag >> 3), default: []].append(start[start.startIndex..<rest.startIndex])
        }
    }

    private static func skip(wireType: UInt64, in rest: inout ArraySlice<UInt8>) -> Bool {
        switch wireType {
        case 0: return varint(&rest) != nil
        case 1: return drop(8, from: &rest)
        case 2: return varint(&rest).map { drop($0, from: &rest) } ?? false
        case 5: return drop(4, from: &rest)
        default: return false
        }
    }

    private static func drop(_ count: UInt64, from rest: inout ArraySlice<UInt8>) -> Bool {
        guard count <= UInt64(rest.count) else { return false }
        rest = rest.dropFirst(Int(count))
        return true
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var (value, shift) = (UInt64(0), UInt64(0))
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
