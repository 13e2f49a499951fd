import NIOCore

/// One entry, still in the bytes of its set.
struct MetadataEntry {
    let nameBytes: UnsafeRawBufferPointer
    let valueBytes: UnsafeRawBufferPointer
    /// Where the value begins in the set.
    let valueStart: Int

    var name: String { String(decoding: nameBytes, as: UTF8.self) }
    var value: String { String(decoding: valueBytes, as: UTF8.self) }

    func isNamed(_ name: String) -> Bool {
        guard name.utf8.count == nameBytes.count else { return false }
        let isSame = name.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).elementsEqual(nameBytes) }
        return isSame ?? name.utf8.elementsEqual(nameBytes)
    }
}

extension Metadata {
    /// Visits each entry until `visit` returns false. Answers false where the bytes are no list of entries.
    @discardableResult
    func scan(_ visit: (MetadataEntry) -> Bool) -> Bool {
        encoded.withUnsafeReadableBytes { bytes in
            var position = 0
            while position < bytes.count {
                let nameStart = position + 1
                let nameEnd = nameStart + Int(bytes[position])
                guard nameEnd + 2 <= bytes.count else { return false }
                let valueStart = nameEnd + 2
                let valueEnd = valueStart + Int(bytes[nameEnd]) << 8 + Int(bytes[nameEnd + 1])
                guard valueEnd <= bytes.count else { return false }
                let entry = MetadataEntry(
                    nameBytes: UnsafeRawBufferPointer(rebasing: bytes[nameStart..<nameEnd]),
                    valueBytes: UnsafeRawBufferPointer(rebasing: bytes[valueStart..<valueEnd]), valueStart: valueStart)
                guard visit(entry) else { return true }
                position = valueEnd
            }
            return true
        }
    }

    /// Takes bytes from outside: nil unless they are entries with well-formed names and UTF-8 values.
    init?(untrusted encoded: ByteBuffer) {
        self.init(checked: encoded)
        var wellFormed = true
        let complete = scan { entry in
            wellFormed = !entry.nameBytes.isEmpty && entry.nameBytes.allSatisfy(Metadata.isNameByte) && entry.valueBytes.isUTF8
            return wellFormed
        }
        guard complete, wellFormed else { return nil }
    }
}

extension UnsafeRawBufferPointer {
    /// ASCII, as nearly all values are, is seen at once; anything else is decoded.
    fileprivate var isUTF8: Bool {
        isASCII || String(validating: self, as: UTF8.self) != nil
    }

    /// Thirty-two bytes at a time: a token has hundreds.
    private var isASCII: Bool {
        var position = 0
        while position + 32 <= count {
            let bytes = word(at: position) | word(at: position + 8) | word(at: position + 16) | word(at: position + 24)
            guard bytes & 0x8080_8080_8080_8080 == 0 else { return false }
            position += 32
        }
        return self[position...].allSatisfy { $0 < 0x80 }
    }

    private func word(at position: Int) -> UInt64 {
        loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }
}
