public import ProtobufC
public import RPC
public import Storage
import Vocabulary

/// Which records of a kind are exported.
public struct StoredRecordPages<Record: StoredRecord>: Sendable {
    /// The record after which they begin; empty: all.
    let id: String

    public init(of kind: Record.Type, after id: String) {
        self.id = id
    }

    /// How many are read at once, and so are in hand.
    static var size: Int { 500 }
}

extension Database {
    /// Writes records, the oldest first, as fast as they are read by the caller.
    ///
    /// Each page is read from a short snapshot of its own, so an export of any length holds up nobody and keeps no old version
    /// of the database alive. Each record comes once, as it is when its page is read: two of them may be of different moments.
    /// What is made before the last page is read comes, too, as far as a replica has it that is read instead.
    ///
    /// - Throws: `…_NOT_FOUND` where there is no record to begin after.
    public func export<Record: StoredRecord, Response: Message>(
        _ pages: StoredRecordPages<Record>, to writer: MessageWriter<Response>, _ response: (Record) -> Response
    ) async throws {
        var position = pages.id.isEmpty ? 0 : try await read { [id = pages.id] in try ($0.record(id) as Record).sequence }
        while true {
            let page: [Record] = try await report { [position] in
                try $0.oldestRecords(after: position, limit: StoredRecordPages<Record>.size)
            }
            for record in page { try await writer.write(response(record)) }
            guard let last = page.last else { return }
            position = last.sequence
        }
    }
}
