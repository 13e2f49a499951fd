import RPC
import Storage

/// Reads that are answered and wait for the database, in a file: whoever kills the process finds them there.
///
/// Two halves take turns, one for what comes, the other for what is being written to the database. Each is entry after entry: u32 length,
/// u32 CRC-32C, and the entry; a length of 0 ends it.
struct AuditJournal {
    enum Half: Int, CaseIterable {
        case first, second

        var start: Int { rawValue * Self.byteCount }

        static let byteCount = 1 << 20
    }

    private let file: MappedFile
    private var half = Half.first
    /// Where the next entry goes, from the half's start on.
    private var end = 0
    private var bytes: [UInt8] = []

    private static let headByteCount = 8

    /// Nil where another process has the file.
    ///
    /// - Throws: ``FileError`` where it can't be opened, or there is no room for it.
    init?(_ path: String) throws {
        guard let file = try MappedFile(path, byteCount: Half.allCases.count * Half.byteCount) else { return nil }
        self.file = file
    }

    /// Adds an answered read; false, with nothing done, where it has no room.
    mutating func append(_ read: AuditEntry) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        JournaledRead.append(read, to: &bytes)
        let (place, next) = (half.start + end, end + Self.headByteCount + bytes.count)
        guard next + MemoryLayout<UInt32>.size <= Half.byteCount else { return false }
        file.write(0, at: half.start + next)
        file.write(bytes, at: place + Self.headByteCount)
        file.write(Checksum.of(bytes), at: place + MemoryLayout<UInt32>.size)
        file.write(UInt32(bytes.count), at: place)
        end = next
        return true
    }

    /// What one half holds.
    struct Part {
        fileprivate let half: Half
        fileprivate let byteCount: Int
    }

    /// Goes on in the other half, which must be clear, and answers what this one holds.
    mutating func turn() -> Part {
        defer { (half, end) = (half == .first ? .second : .first, 0) }
        return Part(half: half, byteCount: end)
    }

    /// What was there is in the database: nothing is left of it.
    func clear(_ part: Part) {
        file.erase(from: part.half.start, count: part.byteCount)
    }

    /// Leaves nothing in it, where there is something: whoever writes nothing takes no memory.
    func clear() {
        for half in Half.allCases where file.number(at: half.start) != 0 { file.erase(from: half.start, count: Half.byteCount) }
    }

    /// All that it holds, in the order in which it came: what a process left that was killed.
    func reads() -> [AuditEntry] {
        let halves = Half.allCases.map(reads)
        // The one that was being written is the older one.
        return halves.sorted { ($0.first?.recordedAt ?? 0) < ($1.first?.recordedAt ?? 0) }.flatMap { $0 }
    }

    private func reads(in half: Half) -> [AuditEntry] {
        var (reads, place) = ([] as [AuditEntry], half.start)
        let end = half.start + Half.byteCount
        while let length = file.number(at: place).map(Int.init), length > 0, place + Self.headByteCount + length <= end {
            let bytes = file.bytes(from: place + Self.headByteCount, count: length)
            // After the machine's death a half may end with what was never written.
            guard file.number(at: place + MemoryLayout<UInt32>.size) == Checksum.of(bytes), let read = JournaledRead.read(bytes) else {
                break
            }
            reads.append(read)
            place += Self.headByteCount + length
        }
        return reads
    }

}

/// An answered read in the bytes of a journal: when, and its texts, each behind its length.
private enum JournaledRead {
    private static let textCount = 8

    static func append(_ read: AuditEntry, to bytes: inout [UInt8]) {
        append(UInt64(bitPattern: read.recordedAt), to: &bytes)
        append(read.actor, to: &bytes)
        append(read.role, to: &bytes)
        append(read.address, to: &bytes)
        append(read.correlationID, to: &bytes)
        append(read.method, to: &bytes)
        append(read.patients.count == 1 ? read.patients[0] : read.patients.joined(separator: " "), to: &bytes)
        append(read.records.count == 1 ? read.records[0] : read.records.joined(separator: " "), to: &bytes)
        append(read.reason, to: &bytes)
    }

    static func read(_ bytes: [UInt8]) -> AuditEntry? {
        var rest = bytes[...]
        guard let recordedAt = number(UInt64.self, &rest) else { return nil }
        var texts: [String] = []
        for _ in 0..<textCount {
            guard let count = number(UInt32.self, &rest).map(Int.init), count <= rest.count else { return nil }
            texts.append(String(decoding: rest.prefix(count), as: UTF8.self))
            rest = rest.dropFirst(count)
        }
        return AuditEntry(
            recordedAt: Int64(bitPattern: recordedAt), actor: texts[0], role: texts[1], address: texts[2], correlationID: texts[3],
            method: texts[4], kind: .read, patients: words(texts[5]), records: words(texts[6]), result: AuditEntry.answered,
            reason: texts[7])
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let text = AuditReads.withoutSeparator(text)
        append(UInt32(truncatingIfNeeded: text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private static func number<Number: FixedWidthInteger>(_ type: Number.Type, _ bytes: inout ArraySlice<UInt8>) -> Number? {
        let count = Number.bitWidth / 8
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count).reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
